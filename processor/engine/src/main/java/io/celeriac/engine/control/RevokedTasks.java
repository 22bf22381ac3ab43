package io.celeriac.engine.control;

import io.celeriac.engine.attempt.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The ids of revoked tasks, for as long as the control topic keeps them. Safe for use by several threads. */
public final class RevokedTasks implements Revocations {

    private final Duration retention;
    private final ConcurrentMap<String, Instant> ids = new ConcurrentHashMap<>();

    /**
     * @param retention of the control topic
     */
    public RevokedTasks(Duration retention) {
        this.retention = retention;
    }

    @Override
    public boolean contains(String id) {
        return ids.containsKey(id);
    }

    void add(String id, Instant at) {
        ids.put(id, at);
    }

    void forgetOld(Instant now) {
        ids.values().removeIf(at -> at.isBefore(now.minus(retention)));
    }
}

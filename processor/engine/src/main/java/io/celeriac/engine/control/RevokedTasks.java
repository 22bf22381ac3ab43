package io.celeriac.engine.control;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The ids of revoked tasks, for as long as the control topic keeps them. The topic's retention bounds their number; each takes 144 bytes
 * of heap. Safe for use by several threads.
 *
 * <p>A task that a worker has is revoked at once. The ids matter only for tasks that no worker has yet, or that none has at the moment.
 * The topic must keep commands for longer than a task may stay unread.
 */
public final class RevokedTasks implements Revocations {

    private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

    private final ConcurrentMap<String, Instant> ids = new ConcurrentHashMap<>();
    private volatile Duration retention;
    private Instant nextLook = Instant.MIN; // the control reader's thread only

    /**
     * @param retention of the control topic
     */
    public RevokedTasks(Duration retention) {
        this.retention = retention;
    }

    /** Changes how long ids are kept. */
    public void keepFor(Duration newRetention) {
        retention = newRetention;
    }

    @Override
    public boolean contains(String id) {
        return ids.containsKey(id);
    }

    void add(String id, Instant at) {
        ids.put(id, at);
    }

    /** Removes old ids. It looks at most every ten minutes, because a start calls it after each of many polls. */
    void forgetOld(Instant now) {
        if (now.isBefore(nextLook)) {
            return;
        }
        nextLook = now.plus(BETWEEN_LOOKS);
        var oldest = now.minus(retention);
        ids.values().removeIf(at -> at.isBefore(oldest));
    }
}

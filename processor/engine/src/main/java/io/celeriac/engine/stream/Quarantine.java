package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps tasks apart that processes have died of, so that the next death tells which it was. One death may have been anybody's:
 * those that saw it run beside each other. One that would be set aside after the next death runs alone among them. Tasks
 * without a death run as ever.
 *
 * <p>One for all queues of a worker, as a process dies as a whole. A stay counts for a minute only: an attempt of hours must not
 * keep the others waiting as long. Safe for use by several threads.
 */
public final class Quarantine {

    private static final Duration STAY = Duration.ofMinutes(1);

    private record Key(String queue, int partition, String id) {

        static Key of(AcceptedTask task) {
            return new Key(task.origin().queue(), task.origin().partition(), task.id());
        }
    }

    private record Stay(boolean alone, Instant until) {}

    private final Map<Key, Stay> stays = new HashMap<>();

    /**
     * Asks to begin; what is let in has to {@link #leave}.
     *
     * @param alone whether no other may be in
     */
    synchronized boolean enter(AcceptedTask task, boolean alone, Instant now) {
        stays.values().removeIf(stay -> stay.until.isBefore(now));
        if (alone ? !stays.isEmpty() : stays.values().stream().anyMatch(Stay::alone)) {
            return false;
        }
        stays.put(Key.of(task), new Stay(alone, now.plus(STAY)));
        return true;
    }

    synchronized void leave(AcceptedTask task) {
        stays.remove(Key.of(task));
    }
}

package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AcceptedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps tasks apart that processes have died of, so that the next death tells which it was. One death may have been anybody's:
 * those that saw it run beside each other. One that would be set aside after the next death, a suspect, runs alone among them.
 *
 * <p>Tasks without a death run as ever but for the first seconds of a suspect: one that was not tried before may be the real
 * killer, and its death would be the suspect's last. So none begins then, and a suspect does not begin in the first seconds of
 * one that is tried.
 *
 * <p>One for all queues of a worker, as a process dies as a whole. A stay counts for a minute at the most, towards those without a
 * death for ten seconds: an attempt of hours must not keep the others waiting as long. Safe for use by several threads.
 */
public final class Quarantine {

    private static final Duration STAY = Duration.ofMinutes(1);
    private static final Duration TRIAL = Duration.ofSeconds(10);

    private record Key(String queue, int partition, String id) {

        static Key of(AcceptedTask task) {
            return new Key(task.origin().queue(), task.origin().partition(), task.id());
        }
    }

    private record Stay(boolean alone, Instant until) {}

    private final Map<Key, Stay> stays = new HashMap<>();
    private volatile Instant trialUntil = Instant.MIN;

    /** Whether a suspect is in its first seconds, and nothing must begin beside it. */
    boolean isTrial(Instant now) {
        return now.isBefore(trialUntil);
    }

    /**
     * Asks to begin for a task that processes have died of; what is let in has to {@link #leave}.
     *
     * @param alone whether it is a suspect, and no other may be in
     */
    synchronized boolean enter(AcceptedTask task, boolean alone, Instant now) {
        stays.values().removeIf(stay -> stay.until.isBefore(now));
        if (alone ? !stays.isEmpty() : stays.values().stream().anyMatch(Stay::alone)) {
            return false;
        }
        stays.put(Key.of(task), new Stay(alone, now.plus(STAY)));
        if (alone) {
            trialUntil = now.plus(TRIAL);
        }
        return true;
    }

    /** Asks to begin for one without a death; what is let in has to {@link #leave}. */
    synchronized boolean enterUntried(AcceptedTask task, Instant now) {
        if (isTrial(now)) {
            return false;
        }
        stays.put(Key.of(task), new Stay(false, now.plus(TRIAL)));
        return true;
    }

    /** The end of a task that was let in; nothing for any other. */
    synchronized void leave(AcceptedTask task) {
        var stay = stays.remove(Key.of(task));
        if (stay != null && stay.alone) {
            trialUntil = Instant.MIN;
        }
    }
}

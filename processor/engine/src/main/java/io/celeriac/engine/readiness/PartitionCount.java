package io.celeriac.engine.readiness;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.WaitingFor;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.poison.PoisonPillGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts the unfinished tasks of a partition by what they wait for. The gates know; this adds up, so it has one component for each place
 * where tasks wait. Belongs to the stream thread.
 */
public record PartitionCount(
        DueGate due,
        KeyOrder keyOrder,
        MissingHandlerGate missingHandlers,
        HandlerLimitQueue handlerLimits,
        PoisonPillGuard guard,
        Window window,
        AttemptQueue attempts) {

    private static final Duration SOON = Duration.ofMinutes(1);

    /**
     * The counts of now, as they go into the {@link Heartbeat}.
     *
     * @param isPaused whether the queue is paused: what could run then waits for the end of the pause
     * @param oldestDue since when the first of the parked tasks is due; null if none is
     */
    public PartitionPart of(int partition, boolean isPaused, @Nullable Instant oldestDue, Instant now) {
        var parked = due.count(now, SOON);
        var handed = attempts.waiting();
        var running = attempts.running().size();
        var missing = Math.min(missingHandlers.size(), parked.others() + parked.retries());
        var missingRetries = Math.max(0, missing - parked.others());
        var waiting = new EnumMap<WaitingFor, Long>(WaitingFor.class);
        put(WaitingFor.ETA, parked.others() - (missing - missingRetries), waiting);
        put(WaitingFor.RETRY, parked.retries() - missingRetries, waiting);
        put(WaitingFor.HANDLER, missing, waiting);
        put(WaitingFor.KEY, keyOrder.waiting(), waiting);
        var limit = (long) handlerLimits.size() + handed.forLimit();
        var thread = parked.due() + Math.max(0, window.size() - running - guard.size() - handed.forLimit());
        put(WaitingFor.PAUSE, isPaused ? limit + thread + guard.size() : 0, waiting);
        put(WaitingFor.QUARANTINE, isPaused ? 0 : guard.size(), waiting);
        put(WaitingFor.LIMIT, isPaused ? 0 : limit, waiting);
        put(WaitingFor.THREAD, isPaused ? 0 : thread, waiting);
        var oldest = oldestReady(handed.oldest(), oldestDue);
        return new PartitionPart(partition, running, waiting, parked.soon(), oldest, window.size());
    }

    private @Nullable Instant oldestReady(@Nullable Instant handed, @Nullable Instant oldestDue) {
        return Stream.of(handed, handlerLimits.oldest(), keyOrder.oldest(), oldestDue)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private static void put(WaitingFor reason, long count, EnumMap<WaitingFor, Long> waiting) {
        if (count > 0) {
            waiting.put(reason, count);
        }
    }
}

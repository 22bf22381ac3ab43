package io.celeriac.controlweb.queue;

import io.celeriac.contract.control.Heartbeat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How many workers a queue needs.
 *
 * @param desired workers
 * @param why in a sentence
 * @param queue its name
 * @param ready tasks that could run now, and those that are due within a minute
 * @param running attempts that run
 * @param perWorker attempts at once of a worker
 * @param busy workers that run something of it; there are never fewer desired
 * @param partitions of the queue; more workers than that have nothing to do
 */
public record Scale(
        int desired, String why, String queue, long ready, long running, int perWorker, int busy, int partitions) {

    /** What a worker takes where none is up to ask. */
    private static final int USUAL_CONCURRENCY = 4;

    /** Reasons that no further worker ends. */
    private static final List<String> HELPLESS = List.of("eta", "retry", "key", "handler", "quarantine", "pause");

    /**
     * @param view of the queue
     * @param takers the workers that take it
     * @param dueSoon tasks that are due within a minute
     * @param min never fewer
     * @param max never more, but for those that are busy
     */
    static Scale of(QueueView view, List<Heartbeat> takers, long dueSoon, int min, int max) {
        var partitions = Objects.requireNonNull(view.partitions(), "partitions").size();
        var running = takers.stream()
                .mapToLong(taker -> runningOf(taker, view.queue()))
                .sum();
        var busy = (int) takers.stream()
                .filter(taker -> runningOf(taker, view.queue()) > 0)
                .count();
        var perWorker = (int) Math.max(
                1,
                Math.round(takers.stream()
                        .map(taker -> taker.concurrency().now())
                        .filter(Objects::nonNull)
                        .mapToInt(Integer::intValue)
                        .average()
                        .orElse(USUAL_CONCURRENCY)));
        var partitionViews = Objects.requireNonNull(view.partitions(), "partitions");
        var held = partitionViews.stream()
                .map(QueueView.Partition::waiting)
                .filter(Objects::nonNull)
                .flatMap(waiting -> waiting.entrySet().stream())
                .filter(entry -> !HELPLESS.contains(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        var unread = view.unread() == null ? 0 : view.unread();
        var ready = view.pause() == null ? unread + held + dueSoon : 0;
        var needed = (ready + running + perWorker - 1) / perWorker;
        var isUnknown = view.waiting() == null;
        var least = Math.max(min, isUnknown ? Math.max(1, takers.size()) : 0); // somebody has to look what waits there
        var desired = (int) Math.max(busy, Math.min(Math.min(Math.max(needed, least), max), partitions));
        return new Scale(
                desired,
                why(view, ready, running, perWorker, needed, desired, isUnknown),
                view.queue(),
                ready,
                running,
                perWorker,
                busy,
                partitions);
    }

    private static long runningOf(Heartbeat taker, String queue) {
        return taker.queues().stream()
                .filter(part -> part.queue().equals(queue))
                .flatMap(part -> part.partitions().stream())
                .mapToLong(part -> part.running() == null ? 0 : part.running())
                .sum();
    }

    private static String why(
            QueueView view, long ready, long running, int perWorker, long needed, int desired, boolean isUnknown) {
        if (view.pause() != null) {
            return "the queue is paused, so only what runs needs workers";
        }
        if (isUnknown) {
            return "what waits in a part of the queue is not known at the moment, so no worker is to go, and one is needed to look; "
                    + ready + " are known to be ready and " + running + " run";
        }
        var sum = ready + " ready or due within a minute and " + running + " running, at " + perWorker
                + " for each worker, need " + needed;
        return needed == desired
                ? sum
                : sum + "; the limits of the call, the partitions or busy workers make it " + desired;
    }
}

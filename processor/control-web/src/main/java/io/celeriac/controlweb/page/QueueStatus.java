package io.celeriac.controlweb.page;

import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.controlweb.queue.QueueView;
import io.celeriac.controlweb.worker.WorkerView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a queue is doing, for people: its numbers put together, and the one sentence that matters most.
 *
 * @param queue as REST shows it
 * @param up the workers that run and take it, and those in a state that only a newer version knows
 * @param resting the workers that drain or are drained, and may take it when somebody resumes them
 * @param lost the last worker that took it and was lost; null for none
 * @param state in a word
 * @param trouble what keeps its tasks from running, and is not over in a moment
 */
public record QueueStatus(
        QueueView queue,
        List<WorkerView> up,
        List<WorkerView> resting,
        @Nullable WorkerView lost,
        State state,
        Trouble trouble) {

    /** What a queue does. */
    public enum State {
        RUNNING,
        PAUSED,
        NO_WORKER,
        UNKNOWN
    }

    /** Why tasks of a queue do not run, the strongest reason first. */
    public enum Trouble {
        PAUSED,
        NO_WORKER,
        SILENCE,
        UNKNOWN,
        HANDLER,
        QUARANTINE,
        LIMIT,
        KEY,
        SLOTS,
        NONE
    }

    /** A wait that is shorter than this needs no explanation. */
    private static final double SOON_OVER = 10;

    private static final Duration STALE = Duration.ofSeconds(15);

    /** Reasons to wait of a task that could run; {@code unread} is for records that no worker has read. */
    private static final List<String> READY = List.of("limit", "thread", "key", "pause", "unread");

    /** Reasons to wait of a task that could not run at the moment. */
    private static final List<String> PARKED = List.of("retry", "eta", "handler", "quarantine", "unknown");

    static QueueStatus of(QueueView queue, List<WorkerView> workers, Instant now) {
        var takers = workers.stream().filter(takes(queue.queue())).toList();
        var up = takers.stream()
                .filter(worker ->
                        worker.state() == WorkerView.State.RUNNING || worker.state() == WorkerView.State.UNKNOWN)
                .toList();
        var resting =
                workers.stream().filter(worker -> rests(worker, queue.queue())).toList();
        var lost = takers.stream()
                .filter(worker -> worker.state() == WorkerView.State.LOST)
                .max(Comparator.comparing(WorkerView::seenAt))
                .orElse(null);
        var status = new QueueStatus(queue, up, resting, lost, state(queue, up), Trouble.NONE);
        return new QueueStatus(queue, up, resting, lost, status.state, status.troubleAt(now));
    }

    private static Predicate<WorkerView> takes(String queue) {
        return worker -> worker.queues().stream().anyMatch(part -> part.queue().equals(queue));
    }

    /** A drained worker no longer says which queues it is for. */
    private static boolean rests(WorkerView worker, String queue) {
        return switch (worker.state()) {
            case DRAINING -> takes(queue).test(worker);
            case DRAINED -> worker.queues().isEmpty() || takes(queue).test(worker);
            case RUNNING, STOPPED, LOST, UNKNOWN -> false;
        };
    }

    private static State state(QueueView queue, List<WorkerView> up) {
        if (queue.pause() != null) {
            return State.PAUSED;
        }
        if (up.isEmpty()) {
            return State.NO_WORKER;
        }
        return queue.waiting() == null ? State.UNKNOWN : State.RUNNING;
    }

    private Trouble troubleAt(Instant now) {
        if (state == State.PAUSED) {
            return Trouble.PAUSED;
        }
        if (state == State.NO_WORKER) {
            return isEmpty() ? Trouble.NONE : Trouble.NO_WORKER;
        }
        if (now.isAfter(queue.asOf().plus(STALE))) {
            return Trouble.SILENCE;
        }
        if (state == State.UNKNOWN) {
            return Trouble.UNKNOWN;
        }
        if (count("handler") > 0) {
            return Trouble.HANDLER;
        }
        if (count("quarantine") > 0) {
            return Trouble.QUARANTINE;
        }
        return queue.oldestReadyAge() == null || queue.oldestReadyAge() < SOON_OVER ? Trouble.NONE : slowest();
    }

    private Trouble slowest() {
        var slots = count("thread") + count("unread");
        var most = Math.max(slots, Math.max(count("limit"), count("key")));
        if (most == 0) {
            return Trouble.NONE;
        }
        return most == count("limit") ? Trouble.LIMIT : most == count("key") ? Trouble.KEY : Trouble.SLOTS;
    }

    /** How many tasks wait for what keeps most of them from running; all that wait where the trouble is another. */
    public long blamed() {
        return switch (trouble) {
            case SLOTS -> count("thread") + count("unread");
            case HANDLER, QUARANTINE, LIMIT, KEY -> count(trouble.name().toLowerCase(Locale.ROOT));
            case PAUSED, NO_WORKER, SILENCE, UNKNOWN, NONE -> queue.depth() == null ? count("unread") : queue.depth();
        };
    }

    /** Whether it is known that nothing is in it. */
    public boolean isEmpty() {
        return queue.depth() != null && queue.depth() == 0;
    }

    /** How many wait for a reason; 0 also where it is not known. */
    public long count(String reason) {
        if (reason.equals("unread")) {
            return queue.unread() == null ? 0 : queue.unread();
        }
        return queue.waiting() == null ? 0 : queue.waiting().getOrDefault(reason, 0L);
    }

    /** Tasks that could run; null when a part is not known. */
    public @Nullable Long ready() {
        return sum(READY);
    }

    /** Tasks that wait for a time, a handler or a trial; null when a part is not known. */
    public @Nullable Long parked() {
        return sum(PARKED);
    }

    private @Nullable Long sum(List<String> reasons) {
        return queue.waiting() == null || queue.unread() == null
                ? null
                : reasons.stream().mapToLong(this::count).sum();
    }

    /** Where its tasks are, by reason, and those that run. Without what is not known. */
    public Map<String, Long> parts() {
        var parts = new LinkedHashMap<String, Long>();
        Stream.concat(READY.stream(), PARKED.stream()).forEach(reason -> parts.put(reason, count(reason)));
        parts.put("running", queue.running() == null ? 0 : queue.running());
        parts.values().removeIf(count -> count == 0);
        return parts;
    }

    /** The same as a bar. */
    public List<SplitBar.Part> bar() {
        return SplitBar.of(parts());
    }

    /** The most attempts at once of its workers, which they may share with other queues; null when no worker says so. */
    public @Nullable Integer slots() {
        var known = up.stream()
                .map(worker -> worker.concurrency().now())
                .filter(Objects::nonNull)
                .toList();
        return known.isEmpty()
                ? null
                : known.stream().mapToInt(Integer::intValue).sum();
    }

    /** How much of them its own attempts use, of 100. */
    public double used() {
        var most = slots();
        var running = queue.running();
        return most == null || most == 0 || running == null ? 0 : Math.min(100, Math.round(100.0 * running / most));
    }

    /** How many of these slots are in use, by any queue. */
    public int busy() {
        return up.stream().mapToInt(WorkerView::running).sum();
    }

    /** When the attempt began that has been running the longest; null for none. */
    public @Nullable Instant longestSince() {
        return up.stream()
                .flatMap(worker -> Objects.requireNonNullElse(worker.attempts(), List.<RunningAttempt>of()).stream())
                .filter(attempt -> attempt.queue().equals(queue.queue()))
                .map(RunningAttempt::startedAt)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Partitions without a live owner, as ranges. */
    public String ownerless() {
        return NumberRanges.of(partitions().stream()
                .filter(partition -> partition.owner() == null)
                .map(QueueView.Partition::partition)
                .toList());
    }

    /** Partitions whose owner does not say what waits there, as ranges. */
    public String uncounted() {
        return NumberRanges.of(partitions().stream()
                .filter(partition -> partition.owner() != null && partition.waiting() == null)
                .map(QueueView.Partition::partition)
                .toList());
    }

    /** Its partitions. */
    public List<QueueView.Partition> partitions() {
        return Objects.requireNonNullElse(queue.partitions(), List.of());
    }

    /** The most records of a partition that no worker has read. */
    public long mostUnread() {
        return partitions().stream()
                .mapToLong(QueueView.Partition::unread)
                .max()
                .orElse(0);
    }

    /** Records that come in a minute; null when that is not known. */
    public @Nullable Double incoming() {
        return queue.rates() == null ? null : perMinute(queue.rates().submitted());
    }

    /** Records that are taken in a minute; null when that is not known. */
    public @Nullable Double taken() {
        return queue.rates() == null ? null : perMinute(queue.rates().taken());
    }

    private static double perMinute(double perSecond) {
        return Math.round(perSecond * 60);
    }
}

package io.celeriac.engine.attempt;

import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.outcome.AttemptOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Connects the stream thread of a partition with the attempts' threads. Attempts begin by priority, then in the order of their
 * records; their outcomes go back to the stream thread. Each takeover of the partition makes a new attempt queue.
 *
 * <p>Safe for use by several threads.
 */
public final class AttemptQueue {

    private enum Phase {
        OPEN,
        DRAINING,
        CLOSED
    }

    private final Runnable signal;
    private final EngineMetrics metrics;
    private final Queue<String> revoked = new ConcurrentLinkedQueue<>();
    private final Queue<AttemptOutcome> reports = new ConcurrentLinkedQueue<>();
    private final Queue<Question> questions = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<PartitionPart>> countings = new ConcurrentLinkedQueue<>();
    private volatile boolean purged;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Queue<Attempt> ready = new PriorityQueue<>(Attempt.BY_PRIORITY); // guarded by lock, as is all below
    private final Map<String, Queue<Attempt>> limited =
            new HashMap<>(); // as ready, for handlers with limits, by handler
    private final Map<String, Instant> running = new HashMap<>();
    private boolean overrun; // a wait for the running attempts has timed out
    private boolean toBeLeft; // the stream thread has still to call left()
    private volatile Phase phase = Phase.OPEN; // read without lock

    /**
     * @param signal wakes the stream thread; called on any thread, after each outcome
     * @param metrics of its queue
     */
    public AttemptQueue(Runnable signal, EngineMetrics metrics) {
        this.signal = signal;
        this.metrics = metrics;
    }

    EngineMetrics metrics() {
        return metrics;
    }

    /** The name of its queue. */
    String queue() {
        return metrics.queue();
    }

    /** @param asks whether it asks {@link HandlerPermits} before it begins */
    void add(Attempt attempt, boolean asks) {
        lock.lock();
        try {
            if (phase == Phase.OPEN) {
                queueOf(attempt, asks).add(attempt);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Called when the limits have changed: an attempt that had none when it came may have some now. */
    void sortAgain(HandlerPermits limits) {
        lock.lock();
        try {
            var nowLimited = ready.stream()
                    .filter(attempt -> limits.areFor(attempt.handler()))
                    .toList();
            ready.removeAll(Set.copyOf(nowLimited));
            nowLimited.forEach(attempt -> queueOf(attempt, true).add(attempt));
        } finally {
            lock.unlock();
        }
    }

    private Queue<Attempt> queueOf(Attempt attempt, boolean asks) {
        return asks
                ? limited.computeIfAbsent(attempt.handler().name(), handler -> new PriorityQueue<>(Attempt.BY_PRIORITY))
                : ready;
    }

    boolean hasReady(HandlerPermits limits) {
        lock.lock();
        try {
            return phase == Phase.OPEN
                    && (!ready.isEmpty()
                            || limited.values().stream().anyMatch(queue -> mayBegin(queue.peek(), limits)));
        } finally {
            lock.unlock();
        }
    }

    private static boolean mayBegin(@Nullable Attempt attempt, HandlerPermits limits) {
        return attempt != null && limits.permits(attempt.handler());
    }

    /** The next attempt, counted as running until {@link #ended}; null when there is none, or nothing may begin. */
    @Nullable
    Attempt begin(HandlerPermits limits, InstantSource clock) {
        lock.lock();
        try {
            var attempt = phase == Phase.OPEN ? next(limits) : null;
            if (attempt != null) {
                running.put(attempt.id(), clock.instant());
            }
            return attempt;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Attempt next(HandlerPermits limits) {
        if (limited.isEmpty()) {
            return ready.poll();
        }
        var queues = new ArrayList<>(limited.values());
        queues.add(ready);
        queues.removeIf(Queue::isEmpty);
        queues.sort(Comparator.comparing(Queue::element, Attempt.BY_PRIORITY));
        for (var queue : queues) {
            if (queue == ready || limits.tryBegin(queue.element())) {
                var attempt = queue.remove();
                limited.values().removeIf(Queue::isEmpty);
                return attempt;
            }
        }
        return null;
    }

    /** Called when an attempt of this queue has ended and has passed on its last outcome. */
    void ended(String id) {
        lock.lock();
        try {
            running.remove(id);
        } finally {
            lock.unlock();
        }
        signalIfIdle();
    }

    private void signalIfIdle() {
        lock.lock();
        try {
            if (running.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes over an attempt that began in an earlier attempt queue of the same partition.
     *
     * @return false when this queue is closed
     */
    boolean join(String id, Instant startedAt) {
        lock.lock();
        try {
            if (phase == Phase.CLOSED) {
                return false;
            }
            running.put(id, startedAt);
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /**
     * Passes an outcome to the stream thread.
     *
     * @return false when the partition has moved away, so that nobody reads the outcome and the new owner runs the task again
     */
    boolean report(AttemptOutcome report) {
        if (phase == Phase.CLOSED) {
            metrics.outcomeDropped();
            return false;
        }
        reports.add(report);
        signal.run();
        return true;
    }

    /** Called when an attempt has to wait before it may emit another task. */
    void throttled() {
        metrics.childThrottled();
    }

    /** The next outcome; null for none. */
    public @Nullable AttemptOutcome poll() {
        var report = reports.poll();
        if (report == null && phase == Phase.DRAINING) {
            signalIfIdle();
        }
        return report;
    }

    /** Tells the stream thread that a task was revoked. */
    public void revoke(String id) {
        revoked.add(id);
        signal.run();
    }

    /** The id of the next task that was revoked; null for none. */
    public @Nullable String pollRevoked() {
        return revoked.poll();
    }

    /**
     * Removes an attempt that has not begun.
     *
     * @return whether it was still waiting
     */
    public boolean withdraw(String id) {
        lock.lock();
        try {
            var withdrawn = ready.removeIf(attempt -> attempt.id().equals(id));
            for (var queue : limited.values()) {
                withdrawn |= queue.removeIf(attempt -> attempt.id().equals(id));
            }
            limited.values().removeIf(Queue::isEmpty);
            return withdrawn;
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #poll}, {@link #pollRevoked} or {@link #pollPurged} has one. */
    public boolean hasNews() {
        return !reports.isEmpty() || !revoked.isEmpty() || purged;
    }

    /** Tells the stream thread that the queue was purged. */
    public void purge() {
        purged = true;
        signal.run();
    }

    /** Whether the queue was purged since the last call. */
    public boolean pollPurged() {
        var was = purged;
        purged = false;
        return was;
    }

    /** Asks the stream thread for the numbers of its partition. */
    void askForCounts(CompletableFuture<PartitionPart> answer) {
        countings.add(answer);
        signal.run();
    }

    /** The next question for the numbers of the partition; null for none. */
    public @Nullable CompletableFuture<PartitionPart> pollCounting() {
        return countings.poll();
    }

    /** Asks the stream thread where a task is. */
    void ask(Question question) {
        questions.add(question);
        signal.run();
    }

    /** The next question; null for none. */
    public @Nullable Question pollQuestion() {
        return questions.poll();
    }

    /** Whether {@link #pollQuestion} or {@link #pollCounting} has one. */
    public boolean hasQuestions() {
        return !questions.isEmpty() || !countings.isEmpty();
    }

    /** How many attempts wait for a thread, and how many for the limits of their handlers. */
    public Waiting waiting() {
        lock.lock();
        try {
            var atLimit = limited.values().stream().mapToInt(Queue::size).sum();
            var oldest = Stream.concat(Stream.of(ready), limited.values().stream())
                    .flatMap(Queue::stream)
                    .map(attempt -> attempt.accepted().readyAt())
                    .min(Comparator.naturalOrder());
            return new Waiting(ready.size(), atLimit, oldest.orElse(null));
        } finally {
            lock.unlock();
        }
    }

    /**
     * The attempts that have not begun.
     *
     * @param forThread wait for a thread
     * @param forLimit wait for the limits of their handlers
     * @param oldest since when the oldest could run; null for none
     */
    public record Waiting(
            int forThread, int forLimit, @Nullable Instant oldest) {}

    /** Lets no attempt begin from now on; running attempts may still pass on outcomes. */
    public void drain() {
        leave(Phase.OPEN, Phase.DRAINING);
    }

    private void leave(Phase from, Phase to) {
        lock.lock();
        try {
            if (phase == from) {
                phase = to;
            }
            ready.clear();
            limited.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the stream thread. */
    public void wake() {
        signal.run();
    }

    /** Makes {@link #awaitSettled} wait for {@link #left}: the stream thread has something to log before it leaves. */
    public void expectToBeLeft() {
        setToBeLeft(true);
    }

    /** Called when everything that the next owner of the partition needs is logged. */
    public void left() {
        setToBeLeft(false);
    }

    private void setToBeLeft(boolean value) {
        lock.lock();
        try {
            toBeLeft = value;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether nothing begins any more. */
    public boolean isDraining() {
        return phase != Phase.OPEN;
    }

    /**
     * Waits for the running attempts; on the stream thread, which takes the outcomes itself.
     *
     * @return whether nothing runs any more
     */
    public boolean awaitIdle(Duration patience) throws InterruptedException {
        return await(patience, running::isEmpty);
    }

    /**
     * Waits for the running attempts, and until the stream thread has taken all outcomes and has {@link #left}; on any other thread.
     *
     * @return whether nothing runs any more, and all outcomes are taken and logged
     */
    public boolean awaitSettled(Duration patience) throws InterruptedException {
        return await(patience, () -> running.isEmpty() && (isClosed() || (reports.isEmpty() && !toBeLeft)));
    }

    private boolean await(Duration patience, BooleanSupplier condition) throws InterruptedException {
        var left = patience.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = idle.awaitNanos(left);
            }
            var settled = condition.getAsBoolean();
            if (!settled && !overrun) {
                overrun = true;
                metrics.drainOverrun();
            }
            return settled;
        } finally {
            lock.unlock();
        }
    }

    /** The start times of the running attempts, by the ids of their tasks. */
    public Map<String, Instant> running() {
        lock.lock();
        try {
            return Map.copyOf(running);
        } finally {
            lock.unlock();
        }
    }

    /** Lets no attempt begin and takes no outcome from now on. */
    public void close() {
        leave(Phase.OPEN, Phase.CLOSED);
        leave(Phase.DRAINING, Phase.CLOSED);
        left();
    }
}

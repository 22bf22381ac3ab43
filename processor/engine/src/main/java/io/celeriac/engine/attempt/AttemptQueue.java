package io.celeriac.engine.attempt;

import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.Sender;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(AttemptQueue.class);

    private final Runnable signal;
    private final EngineMetrics metrics;
    private final @Nullable Sender sender;
    private final Queue<String> revoked = new ConcurrentLinkedQueue<>();
    private final Queue<AttemptOutcome> reports = new ConcurrentLinkedQueue<>();
    private final Queue<Question> questions = new ConcurrentLinkedQueue<>();
    private final Queue<CompletableFuture<PartitionPart>> countings = new ConcurrentLinkedQueue<>();
    private volatile boolean purged;
    private volatile boolean hasAny; // ready or limited ones
    private volatile boolean isAwaited; // the stream thread has something to do when an attempt has ended
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final Queue<Attempt> ready = new ReadyAttempts(); // guarded by lock, as is all below
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
        this(signal, metrics, null);
    }

    /**
     * @param sender publishes outcomes on the threads of their attempts; null if only the stream thread may publish
     */
    public AttemptQueue(Runnable signal, EngineMetrics metrics, @Nullable Sender sender) {
        this.signal = signal;
        this.metrics = metrics;
        this.sender = sender;
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
                hasAny = true;
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
            ready.removeIf(Set.copyOf(nowLimited)::contains);
            nowLimited.forEach(attempt -> queueOf(attempt, true).add(attempt));
        } finally {
            lock.unlock();
        }
    }

    private Queue<Attempt> queueOf(Attempt attempt, boolean asks) {
        return asks ? limited.computeIfAbsent(attempt.handler().name(), handler -> new ReadyAttempts()) : ready;
    }

    boolean hasReady(HandlerPermits limits) {
        if (!hasAny) {
            return false;
        }
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
            hasAny = !ready.isEmpty() || !limited.isEmpty();
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
            if (running.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether no attempt waits to begin, without a lock; one that comes just now may be missed. */
    boolean seemsEmpty() {
        return !hasAny;
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

    /**
     * As {@link #report}, for the end of a task that is published. The stream thread is not woken for it, unless it waits for it: it comes
     * round before the next commit anyway.
     */
    boolean reportPublished(AttemptOutcome.Finished report) {
        if (phase == Phase.CLOSED) {
            metrics.outcomeDropped();
            return false;
        }
        reports.add(report);
        if (isAwaited || phase != Phase.OPEN) {
            signal.run();
        }
        return true;
    }

    /**
     * Publishes records on the calling thread. While the partition is handed over nobody does, as the next owner may have begun.
     *
     * @param whenDurable called for each record that is acknowledged, on a thread that must not be held up
     * @return false when not all were sent, and the stream thread has to publish them
     */
    boolean publish(List<OutboundRecord> records, Runnable whenDurable) {
        if (sender == null || phase != Phase.OPEN) {
            return false;
        }
        try {
            for (var record : records) {
                sender.send(record, whenDurable);
            }
            return true;
        } catch (RuntimeException e) { // interrupted, or the producer is closed
            LOG.debug("the stream thread publishes what an attempt could not", e);
            return false;
        }
    }

    /** Counts an outcome that was published on the thread of its attempt. */
    void count(AttemptOutcome outcome) {
        if (outcome instanceof AttemptOutcome.Finished finished) {
            metrics.finished(finished.state());
        } else if (outcome instanceof AttemptOutcome.Retried) {
            metrics.retried();
        }
    }

    /** Says whether the stream thread is to be woken when an attempt has ended; it comes round by itself otherwise. */
    public void await(boolean awaited) {
        isAwaited = awaited;
    }

    /** Whether {@link #await} was last called with true. */
    public boolean isAwaited() {
        return isAwaited;
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
                    .map(Attempt::readyAt)
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

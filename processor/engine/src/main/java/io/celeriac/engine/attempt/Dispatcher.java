package io.celeriac.engine.attempt;

import static java.util.stream.Collectors.toSet;

import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which attempt runs next, on at most {@code concurrency} threads of the worker. The attempt queues take turns, so that a
 * partition full of work does not keep the others waiting; within an attempt queue, priority decides.
 *
 * <p>Queues share the threads, see {@link QueueShares}. A thread whose attempt ignores its interrupt at the hard time limit is lost, and
 * another takes its place; as many as {@code concurrency}, and then no more: threads of handlers that hang must not fill the machine.
 *
 * <p>A thread that has finished one attempt goes on with the next by itself: the stream thread hands work over and is not
 * asked again. Safe for use by several threads.
 */
public final class Dispatcher {

    /**
     * A record rather than an id: the same id may run in two partitions, sent again with another key, or after partitions were
     * added, and twice in one, where its first task has ended elsewhere and it was sent again. What runs of an earlier record
     * has other arguments, and its outcome is not that of the later.
     */
    private record Running(String queue, int partition, long offset, String id) {

        static Running of(String id, SourceRecord origin) {
            return new Running(origin.queue(), origin.partition(), origin.offset(), id);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final int concurrency;
    private final AttemptRunner runner;
    private final InstantSource clock;
    private final HandlerPermits limits;
    private final List<AttemptQueue> attemptQueues = new CopyOnWriteArrayList<>();
    private volatile boolean draining;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final Queue<Slot> unreplaced = new ConcurrentLinkedQueue<>(); // of threads that are lost
    private final QueueShares shares;
    private final AtomicInteger turn = new AtomicInteger();
    private final ConcurrentMap<Running, Execution> executions = new ConcurrentHashMap<>();

    /**
     * @param executor gives a thread to each of up to {@code concurrency} tasks at once
     * @param timer starts attempts at their time and ends them at their limit; needs one thread
     */
    public Dispatcher(
            Executor executor,
            ScheduledExecutorService timer,
            int concurrency,
            AttemptRunner runner,
            InstantSource clock) {
        this.executor = executor;
        this.timer = timer;
        this.concurrency = concurrency;
        this.runner = runner;
        this.clock = clock;
        this.shares = new QueueShares(concurrency);
        this.limits = new HandlerPermits(clock, timer, this::occupy);
    }

    /** Lets an attempt queue's attempts take part. */
    public void open(AttemptQueue attemptQueue) {
        attemptQueues.add(attemptQueue);
        tellQueues();
        if (draining) {
            attemptQueue.drain();
        }
    }

    /** An attempt queue's attempts no longer take part. */
    public void forget(AttemptQueue attemptQueue) {
        attemptQueues.remove(attemptQueue);
        tellQueues();
        for (int i = 0; i < concurrency && !attemptQueues.isEmpty(); i++) {
            occupy(); // what was kept free for its queue may be taken by others now
        }
    }

    private void tellQueues() {
        shares.queues(attemptQueues.stream().map(AttemptQueue::queue).collect(toSet()));
    }

    /**
     * Runs an attempt as soon as a thread is free. Where this worker runs the task of this record already, from an earlier time
     * that it had the partition, that attempt is joined and no second one begins.
     */
    public void submit(Attempt attempt) {
        if (attempt.attemptQueue().isClosed()) {
            return; // it was to start later, and its partition has gone since
        }
        var running = executions.get(Running.of(attempt.id(), attempt.origin()));
        if (running != null && running.moveTo(attempt)) {
            return;
        }
        attempt.attemptQueue().add(attempt);
        occupy();
    }

    /** As {@link #submit}, at an instant; sooner than a stream thread that is busy with a commit could. */
    public void submitAt(Attempt attempt, Instant due) {
        var delay = clock.instant().until(due, ChronoUnit.NANOS);
        timer.schedule(() -> submit(attempt), delay, TimeUnit.NANOSECONDS);
    }

    /**
     * A task was revoked: its partition ends it, if it is here and has not begun.
     *
     * @param terminate whether it is interrupted if it runs
     */
    public void revoke(String id, boolean terminate) {
        attemptQueues.forEach(attemptQueue -> attemptQueue.revoke(id));
        if (terminate) {
            executions.forEach((running, execution) -> {
                if (running.id.equals(id)) {
                    execution.revoke();
                }
            });
        }
    }

    /**
     * Begins nothing more, and waits for what runs to end and to be published, and for the partitions to be left in peace.
     *
     * @return whether all of it did in time
     */
    public boolean drain(Duration patience) throws InterruptedException {
        var deadline = clock.instant().plus(patience);
        draining = true;
        attemptQueues.forEach(AttemptQueue::drain);
        attemptQueues.forEach(AttemptQueue::wake);
        var settled = true;
        for (var attemptQueue : attemptQueues) {
            settled &= attemptQueue.awaitSettled(Duration.between(clock.instant(), deadline));
        }
        return settled;
    }

    /** Asks all partitions where a task is. */
    public List<Question> ask(String id) {
        return attemptQueues.stream()
                .map(attemptQueue -> {
                    var question = new Question(id, new CompletableFuture<>());
                    attemptQueue.ask(question);
                    return question;
                })
                .toList();
    }

    /** Whether the task of a record runs here, from an earlier time that this worker had the partition. */
    public boolean runs(String queue, int partition, long offset, String id) {
        return executions.containsKey(new Running(queue, partition, offset, id));
    }

    /** Whether no attempt of a handler may begin now, as it has enough running, or one has begun a moment ago. */
    public boolean isAtLimit(Handler handler) {
        return !handler.limits().areNone() && !limits.permits(handler);
    }

    /** How many attempts may run at once. */
    public int concurrency() {
        return concurrency;
    }

    /** How many threads are lost to attempts that were given up and have not come back. */
    public int lost() {
        return lost.get();
    }

    /** Whether so many threads are lost that those to come are not replaced. */
    public boolean isShortOfThreads() {
        return lost.get() > concurrency;
    }

    /** Interrupts what runs of an attempt queue; it runs again at the next owner of its partition. */
    public void stop(AttemptQueue attemptQueue) {
        executions.values().forEach(execution -> execution.stop(attemptQueue));
    }

    /** How many attempts run now. */
    public int running() {
        return executions.size();
    }

    private void occupy() {
        if (tryOccupy()) {
            try {
                executor.execute(this::work);
            } catch (RuntimeException | Error e) { // no thread to be had
                busy.decrementAndGet();
                throw e;
            }
        }
    }

    private boolean tryOccupy() {
        var before = busy.getAndUpdate(now -> Math.min(concurrency, now + 1));
        return before < concurrency;
    }

    private void work() {
        do {
            for (var attempt = next(); attempt != null; attempt = next()) {
                if (!execute(attempt)) {
                    return; // its slot was given to another thread when its time limit had passed
                }
            }
            busy.decrementAndGet();
        } while (attemptQueues.stream().anyMatch(this::mayBegin) && tryOccupy()); // added after the last look
    }

    private boolean mayBegin(AttemptQueue attemptQueue) {
        return attemptQueue.hasReady(limits) && shares.permits(attemptQueue.queue());
    }

    private @Nullable Attempt next() {
        var all = attemptQueues.toArray(AttemptQueue[]::new);
        var first = turn.getAndIncrement();
        for (int i = 0; i < all.length; i++) {
            var attemptQueue = all[Math.floorMod(first + i, all.length)];
            if (shares.tryTake(attemptQueue.queue())) {
                var attempt = attemptQueue.begin(limits, clock);
                if (attempt != null) {
                    return attempt;
                }
                shares.ended(attemptQueue.queue());
            }
        }
        return null;
    }

    private boolean execute(Attempt attempt) {
        var key = Running.of(attempt.id(), attempt.origin());
        var execution = runner.begin(attempt);
        var slot = new Slot(attempt);
        executions.put(key, execution);
        try {
            var kept = runner.run(execution, slot::giveUp);
            if (kept) {
                end(attempt);
            } else {
                slot.comeBack();
            }
            return kept;
        } finally {
            executions.remove(key, execution);
        }
    }

    private void end(Attempt attempt) {
        limits.ended(attempt.handler());
        shares.ended(attempt.origin().queue());
    }

    /** What a running attempt takes up, given to another thread when it is given up. Guarded by {@code this}. */
    private final class Slot {

        private final Attempt attempt;
        private boolean isGivenUp;
        private boolean isBack;
        private boolean isFree;

        Slot(Attempt attempt) {
            this.attempt = attempt;
        }

        /** Its thread has not come back by the hard time limit. */
        synchronized void giveUp() {
            isGivenUp = true;
            if (isBack) {
                free();
            } else if (lost.incrementAndGet() <= concurrency) {
                free();
            } else {
                unreplaced.add(this);
                LOG.error(
                        "{} threads are lost to tasks that ignore the interrupt at their time limit: no more are replaced, and this worker"
                                + " runs less and less until they come back",
                        lost.get());
            }
        }

        /** Its thread has come back, before or after the slot was to be given up. */
        void comeBack() {
            if (isMadeUpFor()) {
                var other = unreplaced.poll(); // this thread takes the place of one that is still lost
                if (other != null) {
                    other.replace();
                }
            }
        }

        /** Whether another thread has taken its place before. */
        private synchronized boolean isMadeUpFor() {
            isBack = true;
            if (!isGivenUp) {
                return false;
            }
            lost.decrementAndGet();
            unreplaced.remove(this);
            var before = isFree;
            free();
            return before;
        }

        private synchronized void replace() {
            free();
        }

        private void free() {
            if (!isFree) {
                isFree = true;
                end(attempt);
                busy.decrementAndGet();
                occupy();
            }
        }
    }
}

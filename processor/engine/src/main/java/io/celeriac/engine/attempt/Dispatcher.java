package io.celeriac.engine.attempt;

import static java.util.stream.Collectors.toSet;

import io.celeriac.contract.control.Heartbeat.PartitionPart;
import io.celeriac.contract.control.Heartbeat.RunningAttempt;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.engine.control.LiveSettings;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
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
 * <p>Queues share the threads, see {@link QueueShares}. If an attempt ignores the interrupt and reaches its hard time limit, its thread
 * is lost and another takes its place. At most {@code concurrency} lost threads are replaced, so that handlers that hang do not fill the
 * machine with threads.
 *
 * <p>A thread that has finished one attempt takes the next by itself, without the stream thread. Safe for use by several threads.
 */
public final class Dispatcher {

    /**
     * Identifies a running attempt by its record, because an id is not enough. The same id may run in two partitions, if it was sent
     * again with another key or after partitions were added; and twice in one, if the first task has ended elsewhere and the id was sent
     * again. The earlier record has other arguments, so its outcome is not that of the later one.
     */
    private record Running(String queue, int partition, long offset, String id) {

        static Running of(String id, SourceRecord origin) {
            return new Running(origin.queue(), origin.partition(), origin.offset(), id);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final AttemptRunner runner;
    private final InstantSource clock;
    private final HandlerPermits limits;
    private final List<AttemptQueue> attemptQueues = new CopyOnWriteArrayList<>();
    private volatile AttemptQueue[] inTurns = {}; // the same
    private final LiveSettings settings;
    private final int configured;
    private volatile int concurrency;
    private volatile boolean draining;
    private final AtomicInteger busy = new AtomicInteger();
    private final AtomicInteger unannounced = new AtomicInteger(); // attempts for which no thread was woken
    private final AtomicInteger lost = new AtomicInteger();
    private final Queue<Slot> unreplaced = new ConcurrentLinkedQueue<>(); // of lost threads
    private final QueueShares shares;
    private final AtomicInteger turn = new AtomicInteger();
    private final ConcurrentMap<Running, Execution> executions = new ConcurrentHashMap<>();

    /** A dispatcher whose settings nobody changes. */
    public Dispatcher(
            Executor executor,
            ScheduledExecutorService timer,
            int concurrency,
            AttemptRunner runner,
            InstantSource clock) {
        this(executor, timer, concurrency, runner, clock, LiveSettings.none());
    }

    /**
     * @param executor gives a thread to each of up to {@code concurrency} tasks at once
     * @param timer starts attempts at their time and ends them at their limit; needs one thread
     * @param concurrency as configured; the settings may say otherwise
     * @param settings pauses and limits; {@link #settingsChanged} tells of a change
     */
    public Dispatcher(
            Executor executor,
            ScheduledExecutorService timer,
            int concurrency,
            AttemptRunner runner,
            InstantSource clock,
            LiveSettings settings) {
        this.executor = executor;
        this.timer = timer;
        this.settings = settings;
        this.configured = concurrency;
        this.concurrency = settings.concurrency(concurrency);
        this.runner = runner;
        this.clock = clock;
        this.shares = new QueueShares(this.concurrency);
        this.limits = new HandlerPermits(clock, timer, this::occupy, settings);
    }

    /** Includes an attempt queue in the turns. */
    public void open(AttemptQueue attemptQueue) {
        synchronized (attemptQueues) {
            attemptQueues.add(attemptQueue);
            tellQueues();
        }
        if (draining) {
            attemptQueue.drain();
        }
    }

    /** Excludes an attempt queue from the turns. */
    public void forget(AttemptQueue attemptQueue) {
        synchronized (attemptQueues) {
            attemptQueues.remove(attemptQueue);
            tellQueues();
        }
        occupyAll(); // other queues may take the threads that were kept free for its queue
    }

    /** Called when the settings have changed: pauses, limits or the concurrency. */
    public void settingsChanged() {
        concurrency = settings.concurrency(configured);
        shares.concurrency(concurrency);
        executions.values().stream()
                .filter(execution -> limits.areFor(execution.begun().handler()))
                .forEach(this::count);
        attemptQueues.forEach(attemptQueue -> attemptQueue.sortAgain(limits));
        attemptQueues.forEach(AttemptQueue::wake);
        occupyAll();
    }

    /** Counts a running attempt that may have begun without limits, unless it ends just now. */
    private void count(Execution execution) {
        limits.count(execution.begun());
        if (execution.hasGivenBack()) {
            limits.ended(execution.begun());
        }
    }

    private void occupyAll() {
        for (int i = 0; i < concurrency && attemptQueues.stream().anyMatch(this::mayBegin); i++) {
            occupy();
        }
    }

    private void tellQueues() {
        inTurns = attemptQueues.toArray(AttemptQueue[]::new);
        shares.queues(attemptQueues.stream().map(AttemptQueue::queue).collect(toSet()));
    }

    /**
     * Runs an attempt as soon as a thread is free. If this worker still runs the task of this record since an earlier ownership of the
     * partition, that attempt continues in its place and no second one begins.
     */
    public void submit(Attempt attempt) {
        if (isNew(attempt)) {
            attempt.attemptQueue().add(attempt, limits.areFor(attempt.handler()));
            occupy();
        }
    }

    /**
     * As {@link #submit}, for one of many. If a thread is busy, no other is woken for it before {@link #submitted}: a busy thread takes the
     * next attempt by itself, and to wake one for each short attempt would cost more than the attempt.
     */
    public void submitOneOfMany(Attempt attempt) {
        if (isNew(attempt)) {
            attempt.attemptQueue().add(attempt, limits.areFor(attempt.handler()));
            if (busy.get() == 0) {
                occupy();
            } else {
                unannounced.incrementAndGet();
            }
        }
    }

    /** Wakes threads for what {@link #submitOneOfMany} has left. */
    public void submitted() {
        if (unannounced.get() > 0) {
            for (int left = unannounced.getAndSet(0); left > 0 && busy.get() < concurrency; left--) {
                occupy(); // even if none may begin: the thread that looks sets the timer of a limit
                if (attemptQueues.stream().noneMatch(this::mayBegin)) {
                    return;
                }
            }
        }
    }

    private boolean isNew(Attempt attempt) {
        if (attempt.attemptQueue().isClosed()) {
            return false; // its partition has moved away since submitAt
        }
        var running = executions.get(Running.of(attempt.id(), attempt.origin()));
        return running == null || !running.moveTo(attempt);
    }

    /** As {@link #submit}, at an instant. A timer is punctual, while a stream thread may be busy with a commit. */
    public void submitAt(Attempt attempt, Instant due) {
        var delay = clock.instant().until(due, ChronoUnit.NANOS);
        timer.schedule(() -> submit(attempt), delay, TimeUnit.NANOSECONDS);
    }

    /**
     * Revokes a task, or all tasks of a workflow's run: their partitions end those that are here and have not begun.
     *
     * @param id of the task, or {@link WorkflowIds#ofRun}
     * @param terminate whether to interrupt those that run
     */
    public void revoke(String id, boolean terminate) {
        attemptQueues.forEach(attemptQueue -> attemptQueue.revoke(id));
        if (terminate) {
            executions.forEach((running, execution) -> {
                if (running.id.equals(id) || isOfRun(execution.subject().task(), id)) {
                    execution.revoke();
                }
            });
        }
    }

    static boolean isOfRun(Task task, String id) {
        var member = task.workflow();
        return member != null && WorkflowIds.ofRun(member.id(), member.run()).equals(id);
    }

    /** Purges a queue: its partitions end the tasks before their fences that have not begun. */
    public void purge(String queue) {
        attemptQueues.stream()
                .filter(attemptQueue -> attemptQueue.queue().equals(queue))
                .forEach(AttemptQueue::purge);
    }

    /** Lets attempts begin again after {@link #drain}, in the attempt queues that are opened from now on. */
    public void endDrain() {
        draining = false;
    }

    /**
     * Begins nothing more, and waits until running attempts have ended, their outcomes are published, and the partitions are left.
     *
     * @return whether all of this was done in time
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

    /** Whether the task of a record runs here, also if it began in an earlier ownership of the partition. */
    public boolean runs(String queue, int partition, long offset, String id) {
        return executions.containsKey(new Running(queue, partition, offset, id));
    }

    /** Whether the limits of a handler let no attempt begin now: enough are running, or one began a moment ago. */
    public boolean isAtLimit(Handler handler) {
        return limits.areFor(handler) && !limits.permits(handler);
    }

    /** Since when a queue is paused, by the clock of who paused it; null if it is not. */
    public @Nullable Instant pausedSince(String queue) {
        var pause = settings.pause(queue);
        return pause == null ? null : pause.at();
    }

    /** The limits of a handler that are in force. */
    public HandlerLimits limits(Handler handler) {
        return settings.limits(handler);
    }

    /** How many attempts may run at once. */
    public int concurrency() {
        return concurrency;
    }

    /** How many attempts may run at once if nobody has set another number. */
    public int configuredConcurrency() {
        return configured;
    }

    /** The attempts that run now. */
    public List<RunningAttempt> attempts() {
        return executions.values().stream().map(Dispatcher::describe).toList();
    }

    private static RunningAttempt describe(Execution execution) {
        var attempt = execution.subject();
        var origin = attempt.origin();
        return new RunningAttempt(
                attempt.id(),
                attempt.task().task(),
                origin.queue(),
                origin.partition(),
                attempt.number(),
                execution.startedAt());
    }

    /** Asks each partition of a queue for its numbers. An answer is never completed if the partition moves away. */
    public List<CompletableFuture<PartitionPart>> askForCounts(String queue) {
        return attemptQueues.stream()
                .filter(attemptQueue -> attemptQueue.queue().equals(queue))
                .map(attemptQueue -> {
                    var answer = new CompletableFuture<PartitionPart>();
                    attemptQueue.askForCounts(answer);
                    return answer;
                })
                .toList();
    }

    /** How many threads are lost to attempts that were given up and have not ended. */
    public int lost() {
        return lost.get();
    }

    /** Whether so many threads are lost that no further one is replaced. */
    public boolean isShortOfThreads() {
        return lost.get() > concurrency;
    }

    /** Interrupts the running attempts of an attempt queue; they run again at the next owner of its partition. */
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
            } catch (RuntimeException | Error e) { // no thread is available
                busy.decrementAndGet();
                throw e;
            }
        }
    }

    private boolean tryOccupy() {
        var most = concurrency;
        var before = busy.getAndUpdate(now -> now < most ? now + 1 : now);
        return before < most;
    }

    /** Gives a thread up if more are busy than may be, because the concurrency was lowered. */
    private boolean isSurplus() {
        var most = concurrency;
        return busy.getAndUpdate(now -> now > most ? now - 1 : now) > most;
    }

    private void work() {
        do {
            for (var attempt = next(); attempt != null; attempt = next()) {
                if (!execute(attempt)) {
                    return; // its slot was given to another thread when its time limit had passed
                }
                if (isSurplus()) {
                    return;
                }
            }
            busy.decrementAndGet();
        } while (attemptQueues.stream().anyMatch(this::mayBegin) && tryOccupy()); // added after the last look
    }

    private boolean mayBegin(AttemptQueue attemptQueue) {
        return !attemptQueue.seemsEmpty()
                && !settings.isPaused(attemptQueue.queue())
                && attemptQueue.hasReady(limits)
                && shares.permits(attemptQueue.queue());
    }

    private @Nullable Attempt next() {
        var all = inTurns;
        var first = turn.getAndIncrement();
        for (int i = 0; i < all.length; i++) {
            var attemptQueue = all[Math.floorMod(first + i, all.length)];
            if (!attemptQueue.seemsEmpty()
                    && !settings.isPaused(attemptQueue.queue())
                    && shares.tryTake(attemptQueue.queue())) {
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
        var slot = new Slot(execution);
        executions.put(key, execution);
        try {
            var kept = runner.run(execution, slot::giveUp);
            if (kept) {
                end(execution);
            } else {
                slot.comeBack();
            }
            return kept;
        } finally {
            executions.remove(key, execution);
        }
    }

    private void end(Execution execution) {
        execution.giveBack();
        limits.ended(execution.begun());
        shares.ended(execution.begun().origin().queue());
    }

    /** The place of a running attempt, which goes to another thread when the attempt is given up. Guarded by {@code this}. */
    private final class Slot {

        private final Execution execution;
        private boolean isGivenUp;
        private boolean isBack;
        private boolean isFree;

        Slot(Execution execution) {
            this.execution = execution;
        }

        /** Called when its thread has not come back by the hard time limit. */
        synchronized void giveUp() {
            isGivenUp = true;
            if (isBack) {
                free();
            } else if (lost.incrementAndGet() <= concurrency) {
                free();
            } else {
                unreplaced.add(this);
                LOG.error(
                        "{} threads are lost to tasks that ignore the interrupt at their time limit; no more are"
                                + " replaced, so this worker runs fewer tasks at once until they come back",
                        lost.get());
            }
        }

        /** Called when its thread has come back, before or after {@link #giveUp}. */
        void comeBack() {
            if (isMadeUpFor()) {
                var other = unreplaced.poll(); // this thread replaces one that is still lost
                if (other != null) {
                    other.replace();
                }
            }
        }

        /** Notes that its thread is back; returns whether another thread had taken its place already. */
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
                end(execution);
                busy.decrementAndGet();
                occupy();
            }
        }
    }
}

package io.celeriac.engine.attempt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.result.Progress;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.WireText;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.GroupResults;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TimeLimitExceededException;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.outcome.RetryRequest;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * A running attempt: the handler's context, the target of its outcomes, and the means to interrupt it.
 *
 * <p>It ends once, by whoever claims it first: the thread that runs it, or the time limit that gives it up. It survives the
 * loss of its partition: if the partition comes back while it runs, it moves to the new attempt queue. All state is guarded by
 * {@code this}, unless something else is said.
 */
final class Execution implements TaskContext {

    private enum Phase {
        /** The handler runs, and may be interrupted. */
        RUNNING,
        /** Whoever claimed it decides its outcome. */
        CLAIMED,
        /** Its last outcome was passed on. */
        ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final int MAX_PROGRESS_MESSAGE = 4 * 1024;
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

    private final InstantSource clock;
    private final Instant startedAt;
    private final @Nullable Instant deadline;
    private final Thread thread = Thread.currentThread();
    private final Function<Execution, AttemptOutcome.Progressed> progressReport;
    private final ChildFactory childFactory;
    private final EmittedTasks children = new EmittedTasks();
    private final Object publishing = new Object(); // taken before this
    private boolean isLeftToStream; // guarded by publishing
    private final OpenLists lists;

    private final Attempt begun; // whose thread and permits it has
    private volatile boolean hasGivenBack;

    private Attempt attempt;
    private AttemptQueue attemptQueue;
    private long revision;
    private Phase phase = Phase.RUNNING;
    private boolean revoked;
    private boolean timedOut;
    private boolean toldOfLimit;
    private boolean toldToGo;
    private @Nullable Progress progress;
    private @Nullable Instant progressPublishedAt;

    /** Makes the task that a handler emits. */
    @FunctionalInterface
    interface ChildFactory {

        /**
         * @param index how many children came before it
         */
        OutcomeRecords.Child child(AcceptedTask parent, String queue, int index, Task task);
    }

    /**
     * @param timeLimit time from now to the interrupt; null for none
     * @param progressReport makes the outcome that publishes the progress so far
     * @param groupLists where it reads lists of results
     */
    Execution(
            Attempt attempt,
            InstantSource clock,
            @Nullable Duration timeLimit,
            Function<Execution, AttemptOutcome.Progressed> progressReport,
            ChildFactory childFactory,
            GroupLists groupLists) {
        this.begun = attempt;
        this.attempt = attempt;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.deadline = timeLimit == null ? null : startedAt.plus(timeLimit);
        this.progressReport = progressReport;
        this.childFactory = childFactory;
        this.lists = new OpenLists(groupLists);
        this.attemptQueue = attempt.attemptQueue();
        this.revision = attempt.accepted().revision();
    }

    /** The attempt that it began with, to which its thread and its permits were given. */
    Attempt begun() {
        return begun;
    }

    /** Called before its thread and its permits are given back. */
    void giveBack() {
        hasGivenBack = true;
    }

    /** Whether its thread and its permits were given back; its code may still run if it ignores interrupts. */
    boolean hasGivenBack() {
        return hasGivenBack;
    }

    synchronized Attempt subject() {
        return attempt;
    }

    Instant startedAt() {
        return startedAt;
    }

    synchronized @Nullable Progress progress() {
        return progress;
    }

    /** The revision for the next state to publish. */
    synchronized long nextRevision() {
        return ++revision;
    }

    /**
     * Continues in place of another attempt at the same record. From now on its outcomes go to the attempt queue of the other, unless
     * that is closed, beginning with the children that may not be committed.
     *
     * <p>The other has a later number if the task has failed elsewhere meanwhile. This execution then takes the number over. Otherwise
     * two attempts would run at once, and an attempt that already has an outcome would get a second one.
     *
     * @return false when this execution has ended, or is about to end as an attempt of an earlier number
     */
    synchronized boolean moveTo(Attempt other) {
        var isLater = other.number() > attempt.number();
        if (phase == Phase.ENDED || (phase == Phase.CLAIMED && isLater)) {
            return false;
        }
        if (other.attemptQueue() != attemptQueue && other.attemptQueue().join(id(), startedAt)) {
            attemptQueue.ended(id());
            attemptQueue = other.attemptQueue();
            revision = Math.max(revision, other.accepted().revision());
            if (isLater) {
                attempt = other;
            }
            children.kept().forEach(attemptQueue::report);
        }
        return true;
    }

    /** Publishes that it has begun or has made progress, unless it has ended. */
    void report(AttemptOutcome.Progressed report) {
        synchronized (publishing) {
            var queue = runningIn();
            if (queue != null && !publish(queue, report.publications())) {
                queue.report(report);
            }
        }
    }

    private synchronized @Nullable AttemptQueue runningIn() {
        return phase == Phase.RUNNING ? attemptQueue : null;
    }

    /**
     * Publishes on the calling thread where that is possible. Once the stream thread had to publish for this attempt, it goes on with it:
     * the states of a task have to be published in their order. The caller holds {@code publishing}, and not {@code this}, as a send may
     * take its time.
     */
    private boolean publish(AttemptQueue queue, List<OutboundRecord> records) {
        isLeftToStream = isLeftToStream || !queue.publish(records, () -> {});
        return !isLeftToStream;
    }

    /**
     * Claims the decision on the outcome; from then on nobody interrupts its thread.
     *
     * @return false when somebody else has claimed it
     */
    synchronized boolean claim() {
        if (phase != Phase.RUNNING) {
            return false;
        }
        phase = Phase.CLAIMED;
        return true;
    }

    /** Ends it with its last outcome, after {@link #claim}. */
    void end(AttemptOutcome last) {
        AttemptQueue publishedFor = null;
        if (mayPublish(last)) {
            synchronized (publishing) {
                var queue = attemptQueue();
                if (publish(queue, last.publications())) {
                    publishedFor = queue;
                    queue.count(last);
                }
            }
        }
        end(last, publishedFor);
    }

    /**
     * Whether an attempt may publish its last outcome. The topics of next steps must be known; and whoever sees the result of a task with a
     * unique key may send the next one at once, so the stream thread has to know of the end before.
     */
    private static boolean mayPublish(AttemptOutcome last) {
        return last.task().task().unique() == null
                && (!(last instanceof AttemptOutcome.Finished finished) || finished.isChecked());
    }

    /**
     * @param publishedFor the attempt queue in which the outcome was published; null where it was not. If the attempt has moved to another
     *     one meanwhile, the outcome is published again: the producers may differ, and each owner knows only what its own has done.
     */
    private synchronized void end(AttemptOutcome last, @Nullable AttemptQueue publishedFor) {
        phase = Phase.ENDED;
        if (attemptQueue != publishedFor) {
            attemptQueue.report(last);
        } else if (last instanceof AttemptOutcome.Finished finished) {
            attemptQueue.reportPublished(finished.published());
        } else if (last instanceof AttemptOutcome.Retried retried) {
            attemptQueue.report(retried.published());
        }
        attemptQueue.ended(id());
    }

    /**
     * Ends it without an outcome, after {@link #claim}: its partition leaves this worker, and the next owner runs it again. If the
     * partition has come back meanwhile, it runs again here.
     */
    synchronized void leave() {
        phase = Phase.ENDED;
        attemptQueue.ended(id());
        attemptQueue.add(new Attempt(attemptQueue, attempt.accepted(), attempt.handler()), true);
    }

    /** Interrupts it if it belongs to an attempt queue: the partition moves, and it must not run beside its successors there. */
    synchronized void stop(AttemptQueue of) {
        if (attemptQueue == of) {
            toldToGo = true;
            interrupt();
        }
    }

    /** Whether it stops only because its partition leaves this worker. */
    synchronized boolean isLeaving() {
        return toldToGo && !revoked && !timedOut;
    }

    /** Interrupts it because somebody revoked the task. */
    synchronized void revoke() {
        revoked = true;
        interrupt();
    }

    /**
     * Interrupts it because its time limit has passed.
     *
     * @return false when it had ended in time
     */
    synchronized boolean timeOut() {
        timedOut = true;
        interrupt();
        return phase == Phase.RUNNING;
    }

    private void interrupt() {
        if (phase == Phase.RUNNING) {
            thread.interrupt();
        }
    }

    @Override
    public synchronized String id() {
        return attempt.id();
    }

    @Override
    public synchronized String task() {
        return attempt.task().task();
    }

    @Override
    public synchronized String queue() {
        return attempt.origin().queue();
    }

    @Override
    public synchronized int attempt() {
        return attempt.number();
    }

    @Override
    public synchronized Map<String, String> labels() {
        return attempt.task().labels();
    }

    @Override
    public @Nullable Instant deadline() {
        return deadline;
    }

    @Override
    public synchronized @Nullable String parentId() {
        return attempt.task().parentId();
    }

    @Override
    public synchronized String rootId() {
        Task task = attempt.task();
        return task.rootId() == null ? id() : task.rootId();
    }

    @Override
    public @Nullable String traceParent() {
        var header = subject().origin().headers().lastHeader(OutcomeRecords.TRACE_PARENT);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    @Override
    public <T> GroupResults<T> groupResults(JsonNode argument, Type type) {
        return lists.results(rootId(), argument, type);
    }

    /** The handler has come back. */
    void closeLists() {
        lists.close();
    }

    @Override
    public String idempotencyKey() {
        return queue() + "/" + id();
    }

    @Override
    public void progress(long done, @Nullable Long total, @Nullable String message) {
        tellOfLimitOnce();
        var now = clock.instant();
        synchronized (this) {
            progress = new Progress(done, total, WireText.cutOrNull(message, MAX_PROGRESS_MESSAGE), null);
            var last = progressPublishedAt;
            if (phase != Phase.RUNNING || (last != null && now.isBefore(last.plus(PROGRESS_INTERVAL)))) {
                return;
            }
            progressPublishedAt = now;
        }
        report(progressReport.apply(this));
    }

    @Override
    public String submit(Task task) {
        return submit(queue(), task);
    }

    @Override
    public String submit(String queue, Task task) {
        tellOfLimitOnce();
        var child = childFactory.child(subject().accepted(), TaskRules.queue(queue), nextChild(), task);
        try {
            emit(child);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while task " + id() + " emitted another");
        }
        return child.id();
    }

    private synchronized int nextChild() {
        requireRunning();
        return children.number();
    }

    private void requireRunning() {
        if (phase != Phase.RUNNING) {
            throw new IllegalStateException("the attempt of task " + id() + " has ended and emits nothing more");
        }
    }

    /** Waits while too many children are not committed; throws if its partition is away, as nobody will commit them. */
    private void emit(OutcomeRecords.Child child) throws InterruptedException {
        for (var tries = 0; !children.tryReserve(child.publication()); tries++) {
            if (tries == 0) {
                attemptQueue().throttled();
            }
            if (attemptQueue().isClosed()) {
                throw new CancellationException(
                        "task " + id() + " emits more tasks than can be kept while its partition is away;"
                                + " the next owner runs it again");
            }
        }
        report(child);
    }

    private void report(OutcomeRecords.Child child) {
        var report = kept(child);
        var queue = attemptQueue();
        if (!queue.publish(report.publications(), report::committed)) {
            queue.report(report);
        }
    }

    private synchronized AttemptOutcome.Emitted kept(OutcomeRecords.Child child) {
        if (phase != Phase.RUNNING) {
            children.release(child.publication());
            requireRunning();
        }
        var report = new AttemptOutcome.Emitted(attempt.accepted(), child.publication(), this::committed);
        children.keep(child.id(), report);
        return report;
    }

    private synchronized void committed(AttemptOutcome.Emitted child) {
        children.forget(child);
    }

    private synchronized AttemptQueue attemptQueue() {
        return attemptQueue;
    }

    /** The ids of the tasks that it has emitted, in order; see {@link EmittedTasks#ids}. */
    synchronized List<String> children() {
        return children.ids();
    }

    @Override
    public synchronized boolean isRevoked() {
        return revoked;
    }

    @Override
    public synchronized boolean isTimedOut() {
        return timedOut;
    }

    @Override
    public synchronized boolean isCancelled() {
        if (phase == Phase.RUNNING && attemptQueue.isDraining()) {
            toldToGo = true;
            return true;
        }
        return phase != Phase.RUNNING || revoked || timedOut || thread.isInterrupted();
    }

    @Override
    public void checkCancelled() {
        tellOfLimit(false);
        if (isCancelled()) {
            throw new CancellationException("the attempt of task " + id() + " should stop: "
                    + (isRevoked()
                            ? "it is revoked"
                            : isLeaving() ? "its partition leaves this worker" : "it has ended, or is interrupted"));
        }
    }

    /** Throws only the first time, because a handler that catches the exception and cleans up needs the context. */
    private void tellOfLimitOnce() {
        tellOfLimit(true);
    }

    private void tellOfLimit(boolean once) {
        synchronized (this) {
            if (!timedOut || (once && toldOfLimit)) {
                return;
            }
            toldOfLimit = true;
            if (thread.equals(Thread.currentThread()) && Thread.interrupted()) {
                LOG.trace("task {} learns of its time limit from an exception, not from the interrupt", id());
            }
        }
        throw new TimeLimitExceededException(deadline, null);
    }

    @Override
    public RuntimeException retry(Throwable cause) {
        return new RetryRequest(Objects.requireNonNull(cause, "cause"), null);
    }

    @Override
    public RuntimeException retry(Throwable cause, Duration delay) {
        if (delay.isNegative() || delay.compareTo(TaskRules.LONGEST) > 0) {
            throw new IllegalArgumentException("delay must be from zero to a hundred years, but is " + delay);
        }
        return new RetryRequest(Objects.requireNonNull(cause, "cause"), delay);
    }
}

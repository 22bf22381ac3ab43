package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Unique.OnConflict;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.consumer.ConsumerGate;
import io.celeriac.engine.consumer.Published;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.readiness.PartitionRoom;
import io.celeriac.engine.readiness.Window;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.Sender;
import io.celeriac.engine.task.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the tasks of one partition, from their records to their outcomes, for as long as the partition is here.
 *
 * <pre>
 * in       a queue's topic       key → Task
 * out      results               id → TaskResult
 *          next-steps            the tasks that other tasks emit
 *          dead-letters          a record that is no task or whose task has failed, unchanged
 * store    unfinished-tasks      tasks that are accepted and have not finished
 * time     wall clock; a task that waits for its time survives a rebalance
 * fails    never drops: a record that it cannot read or finish becomes a dead letter with the reason
 *
 *           take()                                passes every gate                 attempt's thread
 *  record ──▶ Admission ──▶ Waiting (store) ──▶ Readiness ──▶ AttemptQueue ──▶ Dispatcher ──▶ handler
 *                                 ▲                 │ a gate keeps it                            │
 *                                 │ retry           ▼                                            │
 *                                 │   parked, turn of its key, handler, limit, quarantine        ▼
 *                                 └────────────── settle ◀── pass() ◀── signal ◀── AttemptOutcome
 *                                                   └──▶ results, next-steps, dead-letters
 * </pre>
 *
 * <p>Everything here runs on the stream thread. Attempts' threads only touch the {@link AttemptQueue} and the consumer's signal. Under
 * at-least-once they also publish their outcomes themselves, before they report them; nothing is removed from the store before the broker
 * has acknowledged that.
 */
final class PartitionTasks implements ConsumerGate.Partition {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionTasks.class);

    /** Some milliseconds' work. More in one pass would keep the stream thread from its polls, if a million tasks end at once. */
    private static final int MOST_ENDS = 1_000;

    private static final int TAKEN_BETWEEN_PASSES = 64;

    private final QueueProperties settings;
    private final Dispatcher dispatcher;
    private final OutcomeRecords outcomes;
    private final String process;
    private final InstantSource clock;
    private final EngineMetrics metrics;
    private final Published published;

    private final ProcessorContext<byte[], OutboundRecord> context;
    private final TopicPartition source;
    private final @Nullable ConsumerGate consumer;
    private final UnfinishedTasks store;
    private final AttemptQueue attempts;
    private final Outlet outlet;
    private final PartitionPause pause;
    private final Admission admission;
    private final Conclusion conclusion;
    private final CommitClock commits;
    private final PartitionDrain drain;
    private final Tick tick;
    private final RememberedIds rememberedIds;
    private final PurgeSweep purge;

    private final PartitionGates gates;
    private final PartitionRoom room;
    private final Window window;

    private final Set<String> next = new LinkedHashSet<>(); // ids of tasks whose turn or place has come
    private Instant passedAt = Instant.MIN;
    private long settled; // of what was published, when the store was last asked to log
    private int taken; // records
    private boolean hasRun; // was called by Streams
    private boolean startsNext;
    private int ends; // of tasks without an attempt, since the last pass began

    /** Restores the tasks that an earlier owner of the partition has left. */
    PartitionTasks(QueueProperties settings, QueueContext queue, ProcessorContext<byte[], OutboundRecord> context) {
        this.settings = settings;
        this.dispatcher = queue.dispatcher();
        this.outcomes = queue.outcomes();
        this.process = queue.process();
        this.clock = queue.clock();
        this.metrics = queue.metrics();
        this.context = context;
        this.source = new TopicPartition(settings.topic(), context.taskId().partition());
        this.consumer = ConsumerGate.ofThread();
        this.store = context.getStateStore(TaskTopology.STORE);
        this.published = queue.published();
        this.outlet =
                new Outlet(context, consumer == null ? null : published.sender(), store::published, clock, metrics);
        this.attempts = new AttemptQueue(consumer == null ? () -> {} : consumer::signal, metrics, senderOfAttempts());
        this.gates = new PartitionGates(settings, queue, source, attempts, store);
        this.room = gates.room();
        this.window = gates.window();
        this.pause = new PartitionPause(source, consumer, metrics);
        this.conclusion = new Conclusion(store, outlet, outcomes, queue.steps(), attempts::wake, metrics);
        this.admission = new Admission(settings.topic(), queue, store, outlet, conclusion);
        this.commits = new CommitClock(settings, store, consumer, context, window);
        this.drain = new PartitionDrain(source, attempts, dispatcher, store, outcomes, published, settings, clock);
        this.tick = new Tick(context, this::pass, settings.commitInterval(), clock);
        this.purge = new PurgeSweep(queue.revocations(), settings, source, store);
        secureStore();
        this.rememberedIds = new RememberedIds(source, store, metrics);
        open(queue.revocations());
        store.mark(this::mark);
    }

    /**
     * Without deduplication an id may be used again as soon as its result is there. So this thread has to know that the task has ended
     * before anyone else does, and publishes all results itself.
     */
    private @Nullable Sender senderOfAttempts() {
        return settings.deduplication().isZero() ? null : outlet.ofAttempts();
    }

    private void secureStore() {
        store.flushedBy(() -> {
            if (consumer == null || !consumer.logStores(this)) {
                settle();
                store.log();
            }
        });
        if (!settings.exactlyOnce()) {
            store.barrier(barrier(context.taskId()));
            if (consumer != null) {
                store.fence(consumer::requireMembership); // under exactly-once the transaction is fenced
            }
        }
        if (consumer != null) {
            store.committed(() -> consumer.committedOffset(source));
        }
    }

    /**
     * Waits until what was published for tasks that are settled is durable. If a send has failed in this life, Streams begins another,
     * which restores its task.
     */
    private Runnable barrier(TaskId task) {
        var failedBefore = published.failures();
        return () -> {
            published.flushPublished(settled);
            if (published.failures() != failedBefore) {
                throw new TaskCorruptedException(Set.of(task));
            }
        };
    }

    /**
     * Opens the queue of attempts, and then restores the store: the queue hears of tasks that are revoked meanwhile. If the restore
     * fails, the queue is closed; otherwise a stop of the worker would wait for it.
     */
    private void open(Revocations revocations) {
        if (consumer != null) {
            attempts.expectToBeLeft();
        }
        dispatcher.open(attempts);
        try {
            var recovery = new Recovery(source, store, gates, conclusion, purge);
            var generation = consumer == null ? 0 : consumer.generation();
            recovery.restore(admission.topicId(), generation, revocations, attempts, clock.instant());
            recovery.charge(process, clock.instant());
        } catch (RuntimeException | Error e) {
            attempts.close();
            dispatcher.forget(attempts);
            throw e;
        }
    }

    private OwnerMark mark() {
        var guard = gates.guard();
        return attempts.isDraining() ? guard.farewell(process) : guard.mark(process, clock.instant());
    }

    void begin() {
        if (consumer != null) {
            consumer.open(this);
        }
        scheduleTick();
    }

    /** Takes a record. A record that fails becomes a dead letter, and the next record is taken. */
    void take(SourceRecord record) {
        hasRun = true;
        if (admission.isTakenAgain(record)) {
            return;
        }
        try {
            var now = clock.instant();
            var waiting = admission.admit(record, now);
            if (waiting != null && hasItsUniqueKey(waiting, now)) {
                start(waiting, now);
                if (gates.due().isEarly(waiting.due(), now)
                        && store.contains(waiting.task().id())) {
                    metrics.parked();
                }
            }
        } catch (InvalidTaskException e) {
            admission.setAside(record, outcomes.reason(record, e), clock.instant());
        } catch (KafkaException e) {
            throw e; // Streams decides what happens to its thread
        } catch (RuntimeException e) {
            LOG.error("record {}/{} cannot be taken", source, record.offset(), e);
            admission.setAside(
                    record, "the worker failed on it: " + e.getClass().getName(), clock.instant());
        }
        if (passesByPolls() && ++taken % TAKEN_BETWEEN_PASSES == 0) {
            pass(); // a poll may bring more records than there is room for
        } else {
            scheduleTick();
        }
    }

    /** Whether a new task may go on: it has no unique key, or has got it. Another one ends at once. */
    private boolean hasItsUniqueKey(Waiting waiting, Instant now) {
        var task = waiting.task();
        var unique = task.task().unique();
        if (unique == null || gates.endsAtOnce(task, now)) {
            return true;
        }
        if (!Arrays.equals(task.origin().key(), task.task().partitionKey().getBytes(UTF_8))) {
            setAside(outcomes.misplaced(task, now), now); // others of its unique key are in other partitions
            return false;
        }
        var keys = store.uniqueKeys();
        var rival = keys.rival(task, gates::stateOf, now.toEpochMilli());
        if (rival == null || unique.onConflict() == OnConflict.REPLACE) {
            keys.claim(task, rival);
            if (rival != null) {
                revokeUnlessBegun(rival, waits -> outcomes.replaced(waits, task.id(), now), RevokeReason.REPLACED, now);
            }
            return true;
        }
        if (unique.onConflict() == OnConflict.REJECT) {
            setAside(outcomes.rejected(task, rival, now), now);
        } else {
            metrics.revoked(RevokeReason.NOT_UNIQUE);
            end(waiting, outcomes.notUnique(task, rival, now), now);
        }
        return false;
    }

    /** Does the work that needs no record, on a timer of Streams. */
    private void pass() {
        hasRun = true;
        passAt(clock.instant()); // the timers of the thread may have started long ago
        dispatcher.submitted();
        scheduleTick();
    }

    private void passAt(Instant now) {
        ends = 0;
        passedAt = now;
        commits.pass();
        conclusion.pass(now);
        gates.release(now);
        settleAll(now);
        for (var id = pollRevoked(); id != null; id = pollRevoked()) {
            revokeUnlessBegun(id, RevokeReason.REVOKED, now);
        }
        if (attempts.pollPurged()) {
            purge.begin();
        }
        purge.pass(id -> revokeUnlessBegun(id, RevokeReason.PURGED, now), this::mayEndOnCommand, now);
        startDue(now);
        startNext(null, now); // an error may have left some
        answer();
        store.expire(now.toEpochMilli());
        rememberedIds.count();
        if (room.isHalfEmpty()) {
            pause.end();
        }
        if (gates.wantsCommit(now)) {
            if (passesByPolls()) {
                commitByForce();
            } else {
                context.commit();
            }
        }
        commits.commitIfIdle();
    }

    private void settleAll(Instant now) {
        for (var outcome = attempts.poll(); outcome != null; outcome = attempts.poll()) {
            settle(outcome, now);
        }
    }

    private @Nullable String pollRevoked() {
        return mayEndOnCommand() ? attempts.pollRevoked() : null;
    }

    /** Half of what a pass may end: what is due does not wait for the end of a long purge. */
    private boolean mayEndOnCommand() {
        return ends < MOST_ENDS / 2;
    }

    /** Whether this pass may end another task without an attempt. The others have to wait for the next pass. */
    private boolean mayEndMore() {
        return ends < MOST_ENDS;
    }

    /** Starts a task, unless a later one has taken its place, or a gate keeps or ends it. */
    private void start(Waiting waiting, Instant now) {
        var winner = store.uniqueKeys().replacedBy(waiting.task());
        if (winner != null) { // its attempt had begun then, and has failed, or was lost with its worker
            metrics.revoked(RevokeReason.REPLACED);
            end(waiting, outcomes.replaced(waiting.task(), winner, now), now);
            return;
        }
        switch (gates.start(waiting, now)) {
            case PASS, WAIT -> {}
            case REVOKED -> revoke(waiting, RevokeReason.REVOKED, now);
            case PURGED -> revoke(waiting, RevokeReason.PURGED, now);
            case EXPIRED -> revoke(waiting, RevokeReason.EXPIRED, now);
            case POISONOUS -> setAside(outcomes.poisonous(waiting.task(), now), now);
        }
        pauseIfFull();
    }

    /**
     * Starts the tasks that are due, or will be in a moment, so that a commit in between does not make them late. A task that has the
     * turn of its key goes past a full window, which may be full of tasks that wait for it.
     */
    private void startDue(Instant now) {
        var due = gates.due();
        var id = mayEndMore() ? due.takeWithTurn(now) : null;
        while (id != null) {
            startNext(id, now);
            id = mayEndMore() ? due.takeWithTurn(now) : null;
        }
        while (room.isLeft() && mayEndMore()) {
            var other = due.take(now);
            if (other == null) {
                return;
            }
            startNext(other, now);
        }
    }

    /**
     * Starts a task of the store. A task that ends at once lets the next of its key begin. They are started one after the other, and
     * those that this pass does not come to are started by the next one.
     */
    private void startNext(@Nullable String id, Instant now) {
        if (id != null) {
            next.add(id);
        }
        if (startsNext) {
            return;
        }
        startsNext = true;
        try {
            while (!next.isEmpty() && mayEndMore()) {
                var first = next.iterator().next();
                next.remove(first);
                startStored(first, now);
            }
        } finally {
            startsNext = false;
        }
    }

    private void startStored(String id, Instant now) {
        var stored = store.get(id);
        if (stored instanceof Waiting waiting) {
            start(waiting, now);
        } else if (stored instanceof Ended ended) {
            conclusion.conclude(ended, now);
        }
    }

    private void settle(AttemptOutcome outcome, Instant now) {
        if (!store.contains(outcome.id())) {
            if (outcome instanceof AttemptOutcome.Emitted emitted) {
                emitted.committed(); // its parent has ended before: revoked, or run elsewhere meanwhile
            }
            return;
        }
        if (outcome instanceof AttemptOutcome.Finished finished) {
            finish(finished, now);
        } else {
            outcome.publications().forEach(outlet::publish);
            if (outcome instanceof AttemptOutcome.Retried retried) {
                retry(retried, now);
            } else if (outcome instanceof AttemptOutcome.Emitted emitted) {
                commits.emitted(emitted);
            }
        }
        commits.published(now);
    }

    private void finish(AttemptOutcome.Finished finished, Instant now) {
        var task = finished.task();
        if (finished.isChecked()) {
            finished.publications().forEach(outlet::publish);
            store.finish(task, finished.state(), now.toEpochMilli());
            if (!finished.isPublished()) {
                metrics.finished(finished.state());
            }
        } else {
            conclusion.conclude(new Ended(task, finished.state(), finished.publications()), now);
        }
        gates.leave(task, now).forEach(id -> startNext(id, now));
        startNext(gates.endTurn(task), now);
    }

    /** Ends a task for which no attempt has checked the topics of its next steps. */
    private void setAside(AttemptOutcome.Finished finished, Instant now) {
        var task = finished.task();
        ends++;
        conclusion.conclude(new Ended(task, finished.state(), finished.publications()), now);
        gates.leave(task, now).forEach(id -> startNext(id, now));
        startNext(gates.endTurn(task), now);
        commits.published(now);
    }

    private void retry(AttemptOutcome.Retried retried, Instant now) {
        var waiting = Waiting.until(retried.due(), retried.again());
        store.update(waiting);
        if (!retried.isPublished()) {
            metrics.retried();
        }
        gates.leave(retried.task(), now).forEach(id -> startNext(id, now));
        gates.due().park(retried.again(), waiting.due());
        pauseIfFull();
    }

    /** Revokes a task that does not run. A running task is left to its attempt, which ends it if the command says to terminate. */
    private boolean revokeUnlessBegun(String id, RevokeReason reason, Instant now) {
        return revokeUnlessBegun(id, task -> outcomes.revoked(task, task.revision() + 1, reason, now), reason, now);
    }

    private boolean revokeUnlessBegun(
            String id, Function<AcceptedTask, AttemptOutcome.Finished> outcome, RevokeReason reason, Instant now) {
        if (store.get(id) instanceof Waiting waiting && (next.remove(id) || gates.withdraw(waiting))) {
            metrics.revoked(reason);
            end(waiting, outcome.apply(waiting.task()), now);
            return true;
        }
        return false;
    }

    private void revoke(Waiting waiting, RevokeReason reason, Instant now) {
        metrics.revoked(reason);
        var task = waiting.task();
        end(waiting, outcomes.revoked(task, task.revision() + 1, reason, now), now);
    }

    /** Ends a task without an attempt. What an earlier attempt could not publish goes out before: it may be tasks that it has emitted. */
    private void end(Waiting waiting, AttemptOutcome.Finished revoked, Instant now) {
        var task = waiting.task();
        ends++;
        if (waiting.unpublished().isEmpty()) {
            finish(revoked, now);
            commits.published(now);
        } else {
            var all = new ArrayList<>(waiting.unpublished());
            all.addAll(revoked.publications());
            setAside(new AttemptOutcome.Finished(task, revoked.state(), all), now);
        }
    }

    private void pauseIfFull() {
        if (room.isFull()) {
            pause.begin();
        }
    }

    /**
     * Whether passes come with the polls. Publishing needs no timer of Streams then, and the timer fires only to make Streams commit. An
     * owner that has consumed nothing can commit only when its timer has just fired, see {@link #commitsByTickOnly}.
     */
    private boolean passesByPolls() {
        return outlet.isDirect() && admission.hasTaken();
    }

    /**
     * Schedules the next pass. While something is in flight it comes with every pass of the thread. While tasks only wait it comes once
     * a second, and with every pass of the thread in the last second before the first task is due.
     */
    private void scheduleTick() {
        var interval = interval();
        var onlyCommits = passesByPolls() && !gates.wantsCommit(clock.instant());
        tick.every(Tick.BUSY.equals(interval) && onlyCommits ? tick.commit() : interval);
    }

    private @Nullable Duration interval() {
        if (!window.isEmpty() || conclusion.isOwed() || wantsPass()) {
            return Tick.BUSY;
        }
        var due = nextDue();
        if (due != null) {
            var left = Duration.between(clock.instant(), due);
            return left.compareTo(Tick.IDLE) < 0 ? Tick.BUSY : Tick.IDLE;
        }
        return store.remembersFinished() || commitsByTickOnly() ? Tick.IDLE : null;
    }

    private boolean wantsPass() {
        return attempts.hasNews()
                || purge.isUnderway()
                || !next.isEmpty()
                || gates.wantsCommit(clock.instant())
                || commits.wantsCommit();
    }

    /**
     * Whether only the tick makes Streams commit. Streams commits for a partition that has consumed records, see
     * {@link ConsumerGate#forceCommit}, or whose timer has fired since the last commit. An owner that has consumed nothing has only
     * its timer.
     */
    private boolean commitsByTickOnly() {
        return settings.exactlyOnce() && !admission.hasTaken();
    }

    /** While attempts run, their outcomes may have to be handed over; under exactly-once a commit has to include them. */
    @Override
    public boolean owesPass() {
        return commitsByTickOnly() && tick.isBusy() && commits.owesPass();
    }

    private boolean isPassDue(Instant now) {
        var interval = interval();
        return interval != null && (Tick.BUSY.equals(interval) || !now.isBefore(passedAt.plus(interval)));
    }

    @Override
    public TopicPartition source() {
        return source;
    }

    @Override
    public boolean hasWork() {
        if (!passesByPolls()) {
            return tick.isBusy() && wantsPass();
        }
        return (attempts.hasNews()
                        && (attempts.isAwaited() || !mayEndOnCommand())) // some that were revoked may be left
                || purge.isUnderway()
                || !next.isEmpty();
    }

    @Override
    public @Nullable Instant nextDue() {
        return gates.due().nextDue(room.isLeft());
    }

    @Override
    public boolean isBusy() {
        return !window.isEmpty();
    }

    @Override
    public void beforePoll() {
        passByPoll();
        dispatcher.submitted();
        answer();
        if (drain.leaveIfIdle()) {
            commitByForce();
        }
        if (!tick.isScheduled()) {
            forgetRevocations();
        }
    }

    private void passByPoll() {
        if (!passesByPolls()) {
            attempts.await(true);
            return;
        }
        var now = clock.instant();
        if (isPassDue(now)) {
            passAt(now);
        }
        attempts.await(!room.isHalfEmpty() || gates.holdsTasks());
    }

    @Override
    public void settle() {
        if (passesByPolls()) {
            settleAll(clock.instant());
            dispatcher.submitted(); // the thread may have to wait for the broker now
            if (room.isHalfEmpty()) {
                pause.end();
            }
        }
        settled = published.sent();
    }

    @Override
    public boolean hasChanges() {
        return store.hasChanges();
    }

    /** Streams has no timestamp for the changelog (4.3.1: no record context) before it has called the processor or its timer. */
    @Override
    public void log() {
        if (hasRun) {
            store.log();
        }
    }

    private void commitByForce() {
        context.commit();
        if (consumer != null) {
            consumer.forceCommit(source);
        }
    }

    /** Drops revocations: nothing is unfinished here, so none of them concerns this partition. */
    private void forgetRevocations() {
        while (attempts.pollRevoked() != null) {
            LOG.trace("{} has no unfinished task that could be revoked", source);
        }
    }

    private void answer() {
        for (var question = attempts.pollQuestion(); question != null; question = attempts.pollQuestion()) {
            question.answer().complete(gates.explain(question.id()));
        }
        for (var counting = attempts.pollCounting(); counting != null; counting = attempts.pollCounting()) {
            counting.complete(gates.count(clock.instant()));
        }
    }

    @Override
    public boolean hasUnlogged() {
        return store.hasUnlogged();
    }

    @Override
    public void drain() {
        attempts.drain();
    }

    @Override
    public boolean handOver(Duration patience) {
        return drain.finish(patience);
    }

    @Override
    public void lost() {
        attempts.close();
        store.discard();
    }

    void close() {
        attempts.close();
        rememberedIds.close();
        gates.guard().close(clock.instant());
        dispatcher.forget(attempts);
        if (consumer != null) {
            consumer.close(this);
        }
    }
}

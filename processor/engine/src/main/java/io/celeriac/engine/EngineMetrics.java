package io.celeriac.engine;

import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.Explanation.Stage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** Counts what happens to the tasks of one queue. Safe for use by several threads. */
public final class EngineMetrics {

    private final String queue;
    private final Counter accepted;
    private final Counter duplicates;
    private final Counter forgottenEarly;
    private final AtomicLong rememberedIds;
    private final Counter uniqueForgottenEarly;
    private final AtomicLong uniqueKeys;
    private final Counter replays;
    private final Counter retries;
    private final Counter pauses;
    private final Counter parked;
    private final Counter timedOut;
    private final Counter givenUp;
    private final Counter stopped;
    private final Counter tooLargeResults;
    private final Counter throttledChildren;
    private final Counter droppedOutcomes;
    private final Counter overrunDrains;
    private final Counter streamFailures;
    private final Counter missedRecords;
    private final Map<Stage, Counter> held;
    private final Map<TaskState, Counter> finished;
    private final Map<RevokeReason, Counter> revoked;
    private final Map<Reason, Counter> unreadable;
    private final Map<Reason, Counter> deadLetters;

    public EngineMetrics(MeterRegistry registry, String queue) {
        this.queue = queue;
        var tags = Tags.of("queue", queue);
        accepted = registry.counter("celeriac.tasks.accepted", tags);
        duplicates = registry.counter("celeriac.tasks.duplicate", tags);
        forgottenEarly = registry.counter("celeriac.deduplication.forgotten.early", tags);
        rememberedIds = Objects.requireNonNull(registry.gauge("celeriac.deduplication.ids", tags, new AtomicLong()));
        uniqueForgottenEarly = registry.counter("celeriac.unique.forgotten.early", tags);
        uniqueKeys = Objects.requireNonNull(registry.gauge("celeriac.unique.keys", tags, new AtomicLong()));
        replays = registry.counter("celeriac.tasks.replayed", tags);
        retries = registry.counter("celeriac.tasks.retried", tags);
        pauses = registry.counter("celeriac.partitions.paused", tags);
        parked = registry.counter("celeriac.tasks.parked", tags);
        timedOut = registry.counter("celeriac.attempts.timed.out", tags);
        givenUp = registry.counter("celeriac.attempts.given.up", tags);
        stopped = registry.counter("celeriac.attempts.stopped", tags);
        tooLargeResults = registry.counter("celeriac.results.too.large", tags);
        throttledChildren = registry.counter("celeriac.children.throttled", tags);
        droppedOutcomes = registry.counter("celeriac.outcomes.dropped", tags);
        overrunDrains = registry.counter("celeriac.drains.overrun", tags);
        streamFailures = registry.counter("celeriac.stream.failures", tags);
        missedRecords = registry.counter("celeriac.records.missed", tags);
        held = EnumSet.of(Stage.TURN, Stage.HANDLER_LIMIT, Stage.HANDLER, Stage.QUARANTINE).stream()
                .collect(each(stage -> registry.counter("celeriac.tasks.held", tags.and("for", word(stage)))));
        finished = Arrays.stream(TaskState.values())
                .filter(TaskState::isFinal)
                .collect(each(state -> registry.counter("celeriac.tasks.finished", tags.and("state", word(state)))));
        revoked = Arrays.stream(RevokeReason.values())
                .collect(each(reason -> registry.counter("celeriac.tasks.revoked", tags.and("reason", word(reason)))));
        unreadable = EnumSet.of(Reason.UNREADABLE, Reason.TOO_LARGE).stream()
                .collect(each(
                        reason -> registry.counter("celeriac.tasks.unreadable", tags.and("reason", word(reason)))));
        deadLetters = Arrays.stream(Reason.values())
                .collect(each(reason -> registry.counter("celeriac.dead.letters", tags.and("reason", word(reason)))));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static <T> Collector<T, ?, Map<T, Counter>> each(Function<T, Counter> counter) {
        return Collectors.toUnmodifiableMap(Function.identity(), counter);
    }

    /** The name of the queue. */
    public String queue() {
        return queue;
    }

    /** Counts a task that was accepted. */
    public void accepted() {
        accepted.increment();
    }

    /** Counts a record that was dropped because a task with its id is unfinished or finished lately. */
    public void duplicate() {
        duplicates.increment();
    }

    /** Counts ids of finished tasks that were forgotten before the deduplication window ended, because there were too many. */
    public void forgottenEarly(long ids) {
        forgottenEarly.increment((double) ids);
    }

    /** Adds to the number of remembered ids of finished tasks; a negative number subtracts. */
    public void rememberedIds(int more) {
        rememberedIds.addAndGet(more);
    }

    /** Counts unique keys of finished tasks that were forgotten before their window ended, because there were too many. */
    public void uniqueForgottenEarly(long keys) {
        uniqueForgottenEarly.increment((double) keys);
    }

    /** Adds to the number of unique keys that finished tasks have; a negative number subtracts. */
    public void uniqueKeys(int more) {
        uniqueKeys.addAndGet(more);
    }

    /** Counts a record that was skipped because it was read and committed before, and the group's offset was lost. */
    public void replayed() {
        replays.increment();
    }

    /**
     * Counts a record that cannot be accepted as a task.
     *
     * @param why {@code UNREADABLE} or {@code TOO_LARGE}
     */
    public void unreadable(Reason why) {
        of(unreadable, why).increment();
    }

    /** Counts a dead letter that was sent: an unreadable record, a failed task, or a next step that cannot be sent. */
    public void deadLetter(Reason why) {
        of(deadLetters, why).increment();
    }

    /** Counts a task that was revoked before or while it ran. */
    public void revoked(RevokeReason why) {
        of(revoked, why).increment();
    }

    /** Counts an attempt that reached its time limit and was interrupted. */
    public void timedOut() {
        timedOut.increment();
    }

    /** Counts an attempt that did not end by its hard time limit. */
    public void givenUp() {
        givenUp.increment();
    }

    /** Counts an attempt that stopped because its partition leaves this worker; the next owner runs it again. */
    public void stopped() {
        stopped.increment();
    }

    /** Counts a result that does not fit into its record, or into that of a next step. */
    public void resultTooLarge() {
        tooLargeResults.increment();
    }

    /** Counts a handler that has to wait because it emits tasks faster than they are committed. */
    public void childThrottled() {
        throttledChildren.increment();
    }

    /** Counts an outcome that came after the partition had moved away; the next owner runs the attempt again. */
    public void outcomeDropped() {
        droppedOutcomes.increment();
    }

    /** Counts a drain, of a partition or of the worker, that timed out before it was finished. */
    public void drainOverrun() {
        overrunDrains.increment();
    }

    /** Counts a failure of a stream thread. */
    public void streamFailed() {
        streamFailures.increment();
    }

    /** Counts records that were deleted before any worker read them. */
    public void missed(long records) {
        missedRecords.increment((double) records);
    }

    /** Counts a failed attempt that another will follow. */
    public void retried() {
        retries.increment();
    }

    /** Counts a task that waits for its eta. */
    public void parked() {
        parked.increment();
    }

    /** Counts a task that is due but may not start yet. */
    public void held(Stage why) {
        of(held, why).increment();
    }

    /** Counts a pause of a partition that has enough tasks for the moment. */
    public void paused() {
        pauses.increment();
    }

    /** Counts a task that reached a final state. */
    public void finished(TaskState state) {
        of(finished, state).increment();
    }

    private static <T> Counter of(Map<T, Counter> counters, T what) {
        var counter = counters.get(what);
        if (counter == null) {
            throw new IllegalArgumentException(what + " is none of " + counters.keySet());
        }
        return counter;
    }
}

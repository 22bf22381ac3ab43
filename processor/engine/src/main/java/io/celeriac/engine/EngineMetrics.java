package io.celeriac.engine;

import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskState;
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

    /** A task was taken on. */
    public void accepted() {
        accepted.increment();
    }

    /** A record was dropped whose id is unfinished or lately finished. */
    public void duplicate() {
        duplicates.increment();
    }

    /** Ids of finished tasks were forgotten before the end of the deduplication window, as there were too many. */
    public void forgottenEarly(long ids) {
        forgottenEarly.increment((double) ids);
    }

    /** So many more ids of finished tasks are remembered, or fewer. */
    public void rememberedIds(int more) {
        rememberedIds.addAndGet(more);
    }

    /** A record was passed over that was taken and committed before, as the group's offset has gone. */
    public void replayed() {
        replays.increment();
    }

    /**
     * A record was no task that can be taken on.
     *
     * @param why {@code UNREADABLE} or {@code TOO_LARGE}
     */
    public void unreadable(Reason why) {
        of(unreadable, why).increment();
    }

    /** A dead letter was sent: a record, a task that has failed, or a next step that cannot be. */
    public void deadLetter(Reason why) {
        of(deadLetters, why).increment();
    }

    /** A task will not run, or not to its end. */
    public void revoked(RevokeReason why) {
        of(revoked, why).increment();
    }

    /** An attempt has reached its time limit, and is interrupted. */
    public void timedOut() {
        timedOut.increment();
    }

    /** An attempt has not come back by its hard limit. */
    public void givenUp() {
        givenUp.increment();
    }

    /** An attempt has stopped because its worker is going, and runs again elsewhere. */
    public void stopped() {
        stopped.increment();
    }

    /** What a handler has returned does not fit into a record. */
    public void resultTooLarge() {
        tooLargeResults.increment();
    }

    /** A handler waits, as the tasks that it and others emit come faster than they can be sent. */
    public void childThrottled() {
        throttledChildren.increment();
    }

    /** An attempt has come to something after its partition had gone: it is run again by the next owner. */
    public void outcomeDropped() {
        droppedOutcomes.increment();
    }

    /** A partition, or the worker, has gone before what ran there had come to its end. */
    public void drainOverrun() {
        overrunDrains.increment();
    }

    /** A stream thread has failed. */
    public void streamFailed() {
        streamFailures.increment();
    }

    /** Records were deleted that no worker had read. */
    public void missed(long records) {
        missedRecords.increment((double) records);
    }

    /** An attempt failed, and another will follow. */
    public void retried() {
        retries.increment();
    }

    /** A task has to wait for its eta. */
    public void parked() {
        parked.increment();
    }

    /** A task that is due may not begin yet. */
    public void held(Stage why) {
        of(held, why).increment();
    }

    /** A partition had enough tasks for the moment. */
    public void paused() {
        pauses.increment();
    }

    /** A task has come to its end. */
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

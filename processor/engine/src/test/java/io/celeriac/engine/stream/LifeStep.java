package io.celeriac.engine.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What may happen next to the tasks of a partition. A step that there is nothing to do for does nothing. */
sealed interface LifeStep {

    /** What becomes of a task, whenever and wherever it is run: its outcome does not depend on luck. */
    enum Plan {
        SUCCEEDS,
        /** With a child when it begins, and another when it ends. */
        SUCCEEDS_WITH_CHILDREN,
        FAILS,
        FAILS_ONCE,
        FAILS_ALWAYS,
        UNHEARD_OF
    }

    /** How far a commit had come when its process died. */
    enum Reached {
        NOTHING,
        STORE_FLUSHED,
        PRODUCER_FLUSHED
    }

    /** Where a partition goes. */
    enum Next {
        SAME_WORKER,
        OTHER_WORKER,
        NEW_WORKER
    }

    /** A task with a new id. */
    record Submit(
            Plan plan,
            @Nullable String key,
            @Nullable Duration eta,
            @Nullable Duration expires,
            boolean tracked) implements LifeStep {}

    /** The same record as before once more. */
    record SubmitAgain(int which) implements LifeStep {}

    record SubmitGarbage() implements LifeStep {}

    /** The stream thread comes round: it takes records, fires its timers, and commits or not. */
    record Pass(int records, boolean commits) implements LifeStep {}

    /** An attempts' thread gets to run, up to where its handler has been called. */
    record ThreadStarts(int which) implements LifeStep {}

    /** A handler comes back, and its thread goes on with the next attempt. */
    record HandlerReturns(int which) implements LifeStep {}

    record TimePasses(Duration duration) implements LifeStep {}

    /** A task is revoked, or the one that will be submitted next. */
    record Revoke(int which, boolean terminate) implements LifeStep {}

    /** The next record that is published is not taken by the broker. */
    record SendFails() implements LifeStep {}

    /** kill -9. What was sent and not acknowledged has reached the broker or not: the dice say. */
    record Killed(Reached commit, long dice) implements LifeStep {}

    /** The stream thread fails, and the process lives on. Streams revives the task as it is, or on a new thread. */
    record StreamThreadFails(boolean sameObjects) implements LifeStep {}

    /** The partition moves with notice; so many of the attempts come back in time. */
    record HandedOver(int inTime, Next next) implements LifeStep {}

    /** The partition moves without notice. */
    record Lost(Next next) implements LifeStep {}
}

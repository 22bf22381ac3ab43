package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.task.AcceptedTask;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tasks until they are due: until their {@code eta}, their next attempt, or the moment until which another gate parks them. A task
 * that is due stays until the window of its partition has room.
 *
 * <p>A task that has the turn of its key is parked apart. It holds up the others of its key, so it does not wait for room.
 */
public final class DueGate implements Gate {

    private final DueOrder parking = new DueOrder();
    private final DueOrder turns = new DueOrder();
    private final KeyOrder order;
    private final Duration startAhead;
    private final Predicate<AcceptedTask> isStarted;

    /**
     * @param startAhead how long before it is due a task passes
     * @param isStarted whether a task has been handed over, or runs
     */
    public DueGate(KeyOrder order, Duration startAhead, Predicate<AcceptedTask> isStarted) {
        this.order = order;
        this.startAhead = startAhead;
        this.isStarted = isStarted;
    }

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        if (!isEarly(candidate.due(), now)) {
            return Verdict.PASS;
        }
        park(candidate.task(), candidate.due());
        return Verdict.WAIT;
    }

    /** Whether a task has to wait for its time. */
    public boolean isEarly(long due, Instant now) {
        return due > now.plus(startAhead).toEpochMilli();
    }

    /** @param until epoch milliseconds */
    public void park(AcceptedTask task, long until) {
        lotOf(task).add(task.id(), until, task.origin().offset(), task.attempts() > 0);
    }

    /** Of what has been read back: the task has no turn yet. */
    public void restore(String id, long until, long offset, boolean isRetry) {
        parking.add(id, until, offset, isRetry);
    }

    /** A task that waits nowhere else, and has not been started, is parked. */
    @Override
    public boolean withdraw(Candidate candidate) {
        var task = candidate.task();
        if (isStarted.test(task)) {
            return false;
        }
        lotOf(task).withdraw(task.id(), task.origin().offset());
        return true;
    }

    @Override
    public Wait explain(Candidate candidate, Instant now) {
        var task = candidate.task();
        var due = Instant.ofEpochMilli(candidate.due());
        return due.isAfter(now) ? untilDue(candidate) : new Wait(Stage.WINDOW, later(due, enqueuedAt(task)), null);
    }

    static Wait untilDue(Candidate candidate) {
        var task = candidate.task();
        return new Wait(
                task.attempts() > 0 ? Stage.RETRY : Stage.ETA, enqueuedAt(task), Instant.ofEpochMilli(candidate.due()));
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** When a task came, or its last attempt failed. */
    private static Instant enqueuedAt(AcceptedTask task) {
        var history = task.history();
        return history.isEmpty()
                ? task.acceptedAt()
                : history.get(history.size() - 1).finishedAt();
    }

    private DueOrder lotOf(AcceptedTask task) {
        return order.hasTurn(task) ? turns : parking;
    }

    /** Takes the first task with a turn that is due in a moment; null for none. */
    public @Nullable String takeWithTurn(Instant now) {
        return turns.take(now.plus(startAhead).toEpochMilli());
    }

    /** Takes the first of the other tasks that is due in a moment; null for none. */
    public @Nullable String take(Instant now) {
        return parking.take(now.plus(startAhead).toEpochMilli());
    }

    /**
     * When the first task is to be taken; null when none is parked.
     *
     * @param hasRoom whether others than those with a turn are taken
     */
    public @Nullable Instant nextDue(boolean hasRoom) {
        var next = hasRoom ? parking.nextDue() : null;
        var turn = turns.nextDue();
        var first = next == null || (turn != null && turn.isBefore(next)) ? turn : next;
        return first == null ? null : first.minus(startAhead);
    }

    /** Counts the parked tasks; those that are due within {@code soon} are told apart. Looks at each. */
    public DueOrder.Tally count(Instant now, Duration soon) {
        var tally = new DueOrder.Tally();
        var until = now.plus(soon).toEpochMilli();
        parking.count(now.toEpochMilli(), until, tally);
        turns.count(now.toEpochMilli(), until, tally);
        return tally;
    }

    /** When the first task is due, with a turn or without; null when none is parked. */
    public @Nullable Instant firstDue() {
        var turn = turns.nextDue();
        var next = parking.nextDue();
        return next == null || (turn != null && turn.isBefore(next)) ? turn : next;
    }

    /** How many tasks are parked without a turn. */
    public int size() {
        return parking.size();
    }

    /** How many tasks with a turn are parked. */
    public int withTurn() {
        return turns.size();
    }
}

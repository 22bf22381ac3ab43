package io.celeriac.results.materializer;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.result.TaskState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Comparator;

/**
 * A result as its record brought it.
 *
 * @param result what the record says
 * @param at the record's timestamp: stands in for the submission where the result does not tell it, and for the end of an
 *     attempt that another follows
 */
public record ResultChange(TaskResult result, Instant at) {

    private static final Comparator<ResultChange> ROW_RULE = Comparator.comparing(ResultChange::runAt)
            .thenComparing(ResultChange::compareOffsets)
            .thenComparing(change -> change.result().state().isFinal())
            .thenComparingLong(change -> change.result().revision());

    /**
     * The row rule: a later run of the id replaces an earlier one. Within a run a final state replaces any other, and among
     * equals the higher revision does, or the later record of the same revision. The SQL of {@link Upsert} says the same.
     */
    public boolean replaces(ResultChange other) {
        return ROW_RULE.compare(this, other) >= 0;
    }

    /** When the task was submitted, as the column holds it. */
    LocalDateTime submittedAt() {
        var submittedAt = result.submittedAt();
        return ResultColumns.utc(submittedAt == null ? at : submittedAt);
    }

    /** Which run of the id this is about. A task that is only accepted may turn out a duplicate: it gives way to every run. */
    LocalDateTime runAt() {
        var isOnlyAccepted = result.revision() == 0 && result.state() == TaskState.PENDING;
        return isOnlyAccepted ? ResultColumns.EARLIEST : submittedAt();
    }

    /** Tells runs of the same submission apart: a dead letter that was sent again. */
    private static int compareOffsets(ResultChange one, ResultChange other) {
        var offset = one.result().offset();
        var otherOffset = other.result().offset();
        return offset == null || otherOffset == null ? 0 : offset.compareTo(otherOffset);
    }
}

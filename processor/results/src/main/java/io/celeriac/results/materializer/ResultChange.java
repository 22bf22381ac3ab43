package io.celeriac.results.materializer;

import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.count.EndedTask;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Optional;

/**
 * A result with the timestamp of its record.
 *
 * @param result value of the record
 * @param at the record's timestamp; stands in for a missing submission time, and for the end of an attempt that is retried
 */
public record ResultChange(TaskResult result, Instant at) {

    private static final Comparator<ResultChange> ROW_RULE = Comparator.comparing(ResultChange::runAt)
            .thenComparing(ResultChange::compareOffsets)
            .thenComparing(change -> change.result().state().isFinal())
            .thenComparingLong(change -> change.result().revision());

    /**
     * The row rule. A later run of the id replaces an earlier one. Within a run a final state replaces any other; otherwise the higher
     * revision wins, and of equal revisions the later record. The SQL of {@link Upsert} implements the same rule.
     */
    public boolean replaces(ResultChange other) {
        return ROW_RULE.compare(this, other) >= 0;
    }

    /** The task's submission time, in the form of the column. */
    LocalDateTime submittedAt() {
        var submittedAt = result.submittedAt();
        return ResultColumns.utc(submittedAt == null ? at : submittedAt);
    }

    /** Identifies the run of the id. A task that is only accepted may turn out to be a duplicate: it gives way to every run. */
    LocalDateTime runAt() {
        var isOnlyAccepted = result.revision() == 0 && result.state() == TaskState.PENDING;
        return isOnlyAccepted ? ResultColumns.EARLIEST : submittedAt();
    }

    /** The task as it is counted; empty when it has not ended. */
    Optional<EndedTask> ended() {
        if (!result.state().isFinal()) {
            return Optional.empty();
        }
        var times = new EndedTask.Times(
                result.attempt(),
                submittedAt(),
                ResultColumns.utcOrNull(result.eta()),
                ResultColumns.utcOrNull(result.startedAt()),
                ResultColumns.utcOrNull(result.finishedAt()));
        var ended = EndedTask.of(result.queue(), result.task(), result.state().name(), times);
        var error = result.error();
        return Optional.of(
                error == null || result.state() != TaskState.FAILURE
                        ? ended
                        : ended.because(error.type(), ErrorOrigin.of(error.stackTrace()), times));
    }

    /** Tells runs of the same submission apart: a dead letter that is sent again keeps its submission time. */
    private static int compareOffsets(ResultChange one, ResultChange other) {
        var offset = one.result().offset();
        var otherOffset = other.result().offset();
        return offset == null || otherOffset == null ? 0 : offset.compareTo(otherOffset);
    }
}

package io.celeriac.results.materializer;

import io.celeriac.results.count.EndedTask;
import java.time.LocalDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code task_result} before a transaction changes it, as far as counting needs it.
 *
 * @param runAt null: written before this column was
 * @param recordOffset null for none
 * @param isFinal whether its task has ended
 * @param ended as it is counted; empty when it has not ended
 */
record StoredRow(
        @Nullable LocalDateTime runAt,
        @Nullable Long recordOffset,
        boolean isFinal,
        long revision,
        Optional<EndedTask> ended) {

    /** The row rule, as the SQL of {@link Upsert} has it for a row that is there. */
    boolean givesWayTo(ResultChange change) {
        var runs = runAt == null ? 0 : change.runAt().compareTo(runAt);
        if (runs != 0) {
            return runs > 0;
        }
        var offset = change.result().offset();
        var offsets = offset == null || recordOffset == null ? 0 : offset.compareTo(recordOffset);
        if (offsets != 0) {
            return offsets > 0;
        }
        var finals = Boolean.compare(change.result().state().isFinal(), isFinal);
        return finals != 0 ? finals > 0 : change.result().revision() >= revision;
    }
}

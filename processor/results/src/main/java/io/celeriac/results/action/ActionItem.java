package io.celeriac.results.action;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An item of an action.
 *
 * @param item id of a task, or {@code partition/offset} of a dead letter
 * @param outcome null while it is being sent; after an abort, it may have been sent or not
 * @param newId of the task that was made; null for none
 * @param reason why it was refused or failed; null for neither
 * @param endedAt when it got its outcome; null before
 */
@JsonInclude(Include.NON_NULL)
public record ActionItem(
        String item,
        @Nullable ItemOutcome outcome,
        @Nullable String newId,
        @Nullable String reason,
        @Nullable Instant endedAt) {}

package io.celeriac.results.action;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.rule.WireText;
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
        @Nullable Instant endedAt) {

    private static final int LONGEST_REASON = 1_000;

    public ActionItem {
        reason = reason == null ? null : WireText.beginning(WireText.repaired(reason), LONGEST_REASON);
    }

    /**
     * An item whose task or command the broker has.
     *
     * @param newId of the task that was made; null for none
     */
    public static ActionItem done(String item, @Nullable String newId, Instant at) {
        return new ActionItem(item, ItemOutcome.DONE, newId, null, at);
    }

    /** An item that does not fit the action. */
    public static ActionItem refused(String item, String reason, Instant at) {
        return new ActionItem(item, ItemOutcome.REFUSED, null, reason, at);
    }

    /** An item that the broker never takes. */
    public static ActionItem failed(String item, String reason, Instant at) {
        return new ActionItem(item, ItemOutcome.FAILED, null, reason, at);
    }
}

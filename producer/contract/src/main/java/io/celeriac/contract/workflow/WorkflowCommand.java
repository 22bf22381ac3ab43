package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A command to a workflow.
 *
 * @param id of the workflow
 * @param command what to do
 * @param terminate of {@link Kind#REVOKE}: true interrupts running attempts; false lets them finish
 * @param by who gave the command; null when nobody has a name
 * @param at when it was given
 */
public record WorkflowCommand(
        String id,
        Kind command,
        @JsonInclude(Include.NON_DEFAULT) boolean terminate,
        @Nullable String by,
        @Nullable Instant at)
        implements WorkflowRecord {

    /** The kinds of commands. */
    public enum Kind {
        /** End it: nothing more is sent, and tasks that have not started do not run. */
        @JsonProperty("revoke")
        REVOKE,
        /** Run what has not succeeded again. It is ignored while the workflow runs, and after a success. */
        @JsonProperty("retry")
        RETRY
    }

    public WorkflowCommand {
        TaskRules.oldId("id", Objects.requireNonNull(id, "id"));
        Objects.requireNonNull(command, "command");
        if (by != null) {
            TaskRules.text("by", by, Limits.AUTHOR);
        }
        TaskRules.instant("at", at);
    }
}

package io.celeriac.contract.workflow;

import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a member of a group with {@link MemberPolicy#KEEP_GOING} has ended.
 *
 * @param state a final state
 * @param result of a member that succeeded; null for none
 * @param error of a member that failed, without its stack trace; null for none
 */
public record MemberOutcome(
        TaskState state,
        @Nullable JsonNode result,
        @Nullable TaskError error) {}

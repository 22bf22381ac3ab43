package io.celeriac.results.workflow;

import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.results.query.TaskCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of workflows.
 *
 * @param items newest submission first
 * @param next where the next page begins; null when this is the last
 */
public record WorkflowPage(
        List<WorkflowState> items, @Nullable TaskCursor next) {}

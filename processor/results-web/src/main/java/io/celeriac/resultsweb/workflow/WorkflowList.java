package io.celeriac.resultsweb.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of workflows.
 *
 * @param items newest submission first
 * @param cursor for the next page; null when this is the last
 */
public record WorkflowList(
        List<WorkflowView> items, @Nullable String cursor) {}

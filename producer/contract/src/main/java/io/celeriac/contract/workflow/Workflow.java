package io.celeriac.contract.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tree of tasks to be run. A second workflow of the same id is ignored.
 *
 * @param id chosen by the caller, or a UUIDv7 by the client; it is the root id of all its tasks
 * @param name for people and for search, as a task's name; null for {@value #NO_NAME}
 * @param labels for search; its tasks inherit them
 * @param queue of the tasks that name none; null for the default queue
 * @param root of the tree
 * @param onMemberFailure of groups that have no policy of their own; null for {@link MemberPolicy#FAIL_GROUP}
 * @param submittedAt by the client's clock; null for the record's timestamp
 */
public record Workflow(
        String id,
        @Nullable String name,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> labels,
        @Nullable String queue,
        WorkflowNode root,
        @Nullable MemberPolicy onMemberFailure,
        @Nullable Instant submittedAt)
        implements WorkflowRecord {

    /** The name of a workflow that has none, as a task's name in results. */
    public static final String NO_NAME = "celeriac.workflow";

    /** The queue under which the results of workflows are found. No worker reads it. */
    public static final String QUEUE = "workflows";

    public Workflow {
        TaskRules.id("id", Objects.requireNonNull(id, "id"));
        if (name != null) {
            TaskRules.name("name", name);
        }
        labels = TaskRules.labels(labels);
        if (queue != null) {
            TaskRules.queue(queue);
        }
        if (Objects.requireNonNull(root, "root").depth() > Limits.WORKFLOW_DEPTH) {
            throw new InvalidTaskException(
                    "root", "must not be nested deeper than " + Limits.WORKFLOW_DEPTH + " nodes");
        }
        TaskRules.instant("submittedAt", submittedAt);
    }

    /** A workflow with the defaults. */
    public static Workflow of(String id, WorkflowNode root) {
        return new Workflow(id, null, Map.of(), null, root, null, null);
    }
}

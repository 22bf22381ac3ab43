package io.celeriac.workflow.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.Progress;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.workflow.tree.Values.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Makes the records of workflows. Pure. */
final class Records {

    private static final int MAX_MESSAGE = 4 * 1024;

    /** The first argument of an {@code onFailure} task that is not immutable, as the engine has it for tasks. */
    private record Failed(String id, String task, TaskError error) {}

    private Records() {}

    /** The task of a node. */
    static Task task(
            StoredWorkflow workflow,
            String path,
            Signature signature,
            String group,
            @Nullable JsonNode input,
            Instant now) {
        return common(workflow, signature, input, now)
                .id(WorkflowIds.ofTask(workflow.id(), path, workflow.run()))
                .groupId(group)
                .workflow(new WorkflowMember(workflow.id(), path, workflow.run()))
                .build();
    }

    /** A task that an inner node sends at its end. */
    static Task callback(
            StoredWorkflow workflow,
            String path,
            Signature signature,
            String relation,
            int index,
            @Nullable JsonNode argument,
            Instant now) {
        return common(workflow, signature, argument, now)
                .id(WorkflowIds.ofCallback(workflow.id(), path, workflow.run(), relation, index))
                .build();
    }

    private static Task.Builder common(
            StoredWorkflow workflow, Signature signature, @Nullable JsonNode input, Instant now) {
        var task = signature.task();
        var args = task.args();
        if (input != null && !signature.immutable()) {
            args = new ArrayList<>(args.size() + 1);
            args.add(input);
            args.addAll(task.args());
        }
        return task.toBuilder()
                .args(args)
                .labels(labels(workflow.labels(), task.labels()))
                .parentId(workflow.id())
                .rootId(workflow.id())
                .submittedAt(now);
    }

    /** The task's own labels, and as many of the workflow's as a task may have. */
    private static Map<String, String> labels(Map<String, String> inherited, Map<String, String> own) {
        var labels = new LinkedHashMap<>(own);
        for (var label : inherited.entrySet()) {
            if (labels.size() < Limits.LABELS) {
                labels.putIfAbsent(label.getKey(), label.getValue());
            }
        }
        return labels;
    }

    static String queue(StoredWorkflow workflow, Signature signature) {
        if (signature.queue() != null) {
            return signature.queue();
        }
        return workflow.queue() == null ? TaskRules.DEFAULT_QUEUE : workflow.queue();
    }

    /** Bytes of the task's record. */
    static int size(Task task) {
        return Limits.size(task.partitionKey().getBytes(UTF_8), TaskJson.bytes(task), List.of());
    }

    /** The end of a task that was not sent. */
    static TaskResult unsent(
            Task task,
            String queue,
            TaskState state,
            @Nullable RevokeReason reason,
            @Nullable TaskError error,
            Instant now) {
        return TaskResult.of(task, queue, state)
                .submittedAt(now)
                .finishedAt(now)
                .reason(reason)
                .error(error)
                .build()
                .withoutArguments();
    }

    /** The tasks that the coordinator sends at the end of a node. Those of a task are sent by its worker, unless it was never sent. */
    static List<Signature> callbacks(StoredWorkflow workflow, StoredNode node) {
        var task = node.task();
        if (task != null) {
            return node.state() == TaskState.FAILURE
                    ? task.task().onFailure().stream()
                            .map(step -> step.queue() != null
                                    ? step
                                    : new Signature(step.task(), queue(workflow, task), step.immutable()))
                            .toList()
                    : List.of();
        }
        return switch (node.state()) {
            case SUCCESS -> node.onSuccess();
            case FAILURE -> node.onFailure();
            default -> List.of();
        };
    }

    static JsonNode failure(StoredWorkflow workflow, String path, StoredNode node, TaskError error) {
        var task = node.task();
        if (task != null) {
            return TaskJson.tree(new Failed(
                    WorkflowIds.ofTask(workflow.id(), path, node.run()),
                    task.task().task(),
                    error));
        }
        var name = node.name() == null ? node.kind().word() : node.name();
        return TaskJson.tree(new Failed(WorkflowIds.ofNode(workflow.id(), path), name, error));
    }

    /**
     * A failure because of another node.
     *
     * @param cause what ended otherwise than it should
     */
    static TaskError because(StoredNode cause, String path, String id) {
        var error = cause.error();
        if (error != null) {
            return error;
        }
        return cause.state() == TaskState.FAILURE
                ? new TaskError("MemberFailed", "task " + id + " of node " + path + " failed", null)
                : new TaskError("MemberRevoked", "task " + id + " of node " + path + " was revoked", null);
    }

    static TaskError parentFailed(String id) {
        return new TaskError("ParentFailed", "parent failed: " + id, null);
    }

    static TaskError error(String type, String message) {
        return new TaskError(type, message.substring(0, Math.min(MAX_MESSAGE, message.length())), null);
    }

    /** The id under which the result of a run is found: the workflow's own for the first run. */
    static String resultId(StoredWorkflow workflow) {
        return workflow.run() == 0 ? workflow.id() : WorkflowIds.ofRun(workflow.id(), workflow.run());
    }

    /** The workflow as a result, for handles, searches and event streams. */
    static TaskResult result(StoredWorkflow workflow, @Nullable JsonNode result) {
        var task = Task.named(workflow.shownName())
                .id(resultId(workflow))
                .labels(workflow.labels())
                .rootId(workflow.id())
                .retryOf(workflow.run() == 0 ? null : workflow.id())
                .submittedAt(TaskRules.within(workflow.submittedAt()))
                .build();
        return TaskResult.of(task, Workflow.QUEUE, workflow.state())
                .revision(workflow.revision())
                .attempt(1)
                .startedAt(workflow.startedAt())
                .finishedAt(workflow.finishedAt())
                .progress(new Progress(workflow.ended(), (long) workflow.tasks(), null, null))
                .reason(workflow.state() == TaskState.REVOKED ? RevokeReason.REVOKED : null)
                .error(workflow.error())
                .result(result)
                .build();
    }

    /**
     * The value as a result has it: withheld when it is secret, and a reference when it does not fit.
     *
     * @param id of the node whose value it is
     * @param most bytes
     */
    static JsonNode shown(Value value, String id, int most) {
        if (value.secret()) {
            return JsonNodeFactory.instance.stringNode(Redaction.MARK);
        }
        var json = value.json();
        if (json != null && fits(json, most)) {
            return json;
        }
        var size = json == null ? value.size() : json.size();
        return JsonNodeFactory.instance.objectNode().put("$group", id).put("size", size);
    }

    private static boolean fits(JsonNode json, int most) {
        try {
            TaskRules.value("result", json);
            return TaskJson.bytes(json).length <= most;
        } catch (InvalidTaskException e) {
            return false; // nested deeper than a record may be
        }
    }

    static WorkflowState state(StoredWorkflow workflow) {
        return new WorkflowState(
                workflow.id(),
                workflow.shownName(),
                workflow.labels(),
                workflow.queue(),
                workflow.state(),
                workflow.run(),
                workflow.revision(),
                workflow.tasks(),
                workflow.ended(),
                workflow.failed(),
                workflow.revoked(),
                workflow.running(),
                workflow.error(),
                TaskRules.within(workflow.submittedAt()),
                workflow.finishedAt());
    }

    static NodeState state(StoredWorkflow workflow, String path, StoredNode node) {
        return new NodeState(
                workflow.id(),
                path,
                node.kind(),
                node.name(),
                node.state(),
                workflow.run(),
                workflow.revision(),
                node.children(),
                node.ended(),
                node.failed(),
                node.open(),
                node.error(),
                node.startedAt(),
                node.finishedAt());
    }

    /** Id of what stands at a node. */
    static String id(String workflow, String path, StoredNode node) {
        return node.isTask() ? WorkflowIds.ofTask(workflow, path, node.run()) : WorkflowIds.ofNode(workflow, path);
    }

    static boolean isRoot(String path) {
        return path.equals(NodePath.ROOT);
    }
}

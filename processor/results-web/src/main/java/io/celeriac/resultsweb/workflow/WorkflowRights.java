package io.celeriac.resultsweb.workflow;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.results.outline.NodeOutline;
import io.celeriac.results.workflow.WorkflowRepository;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.caller.StepQueues;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.problem.ProblemException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Decides who may see, submit and change workflows. A caller that is narrowed to queues sees the workflows of these queues. It may submit
 * or change one if it may do so with the queue of each of its tasks.
 */
final class WorkflowRights {

    private final WorkflowRepository workflows;
    private final QueueDirectory queues;

    WorkflowRights(WorkflowRepository workflows, QueueDirectory queues) {
        this.workflows = workflows;
        this.queues = queues;
    }

    /** The queue of the tasks that name none. */
    static String queue(@Nullable String queue) {
        return queue == null ? TaskRules.DEFAULT_QUEUE : queue;
    }

    /** Whether the caller sees it. */
    static boolean sees(Caller caller, WorkflowState workflow) {
        return caller.sees(queue(workflow.queue()));
    }

    /**
     * A workflow that is known.
     *
     * @throws ProblemException 404 when it is not, or the caller does not see it
     */
    WorkflowState require(Caller caller, String id) {
        return visible(caller, id).orElseThrow(() -> notFound(id));
    }

    /** A workflow that is known, and that the caller sees. */
    Optional<WorkflowState> visible(Caller caller, String id) {
        TaskRules.id("id", id);
        return workflows.find(id).filter(found -> sees(caller, found));
    }

    /**
     * Refuses a caller that may not do so with a workflow. A workflow that is not known yet is left to callers that see all queues.
     *
     * @throws ProblemException 404 when the caller does not see it, 403 when it has a task in a queue that is not granted
     */
    Optional<WorkflowState> require(Caller caller, Authority authority, String id) {
        var found = visible(caller, id);
        if (caller.queues() == null) {
            return found;
        }
        if (found.isEmpty()) {
            throw notFound(id);
        }
        caller.require(authority, "queue", queue(found.get().queue()));
        workflows.tree(id).ifPresent(tree -> requireQueues(caller, authority, tree));
        return found;
    }

    private static void requireQueues(Caller caller, Authority authority, NodeOutline node) {
        if (node.queue() != null) {
            caller.require(authority, "the queue of a task", node.queue());
        }
        node.nodes().forEach(child -> requireQueues(caller, authority, child));
    }

    static ProblemException notFound(String id) {
        return new ProblemException(HttpStatus.NOT_FOUND, "no workflow " + id + " is known, or not yet");
    }

    /**
     * Checks the queues of a submission.
     *
     * @throws ProblemException 403 for a queue that is not granted, 422 for one that is not there; it names the field
     */
    void requireSubmission(Caller caller, Workflow workflow) {
        new Walk(caller).queue("queue", queue(workflow.queue())).node("root", workflow.root());
    }

    /** Checks the queues of further members. */
    void requireMembers(Caller caller, List<WorkflowNode> members) {
        new Walk(caller).nodes("append", members);
    }

    private final class Walk {
        private final Caller caller;
        private final Set<String> checked = new HashSet<>();

        Walk(Caller caller) {
            this.caller = caller;
        }

        Walk queue(String field, String name) {
            if (checked.add(name)) {
                caller.require(Authority.TASK_SUBMIT, field, name);
                queues.require(caller, field, name);
            }
            return this;
        }

        void node(String field, WorkflowNode node) {
            var task = node.task();
            if (task != null) {
                signature(node.kind().hasItems() ? field + "." + node.kind().word() + ".task" : field, task);
            }
            nodes(field + "." + node.kind().word(), node.nodes());
            signatures(field + ".onSuccess", node.onSuccess());
            signatures(field + ".onFailure", node.onFailure());
        }

        void nodes(String field, List<WorkflowNode> nodes) {
            for (var index = 0; index < nodes.size(); index++) {
                node(field + "[" + index + "]", nodes.get(index));
            }
        }

        private void signatures(String field, List<Signature> signatures) {
            for (var index = 0; index < signatures.size(); index++) {
                signature(field + "[" + index + "]", signatures.get(index));
            }
        }

        private void signature(String field, Signature signature) {
            if (signature.queue() != null) {
                queue(field + ".queue", signature.queue());
            }
            StepQueues.require(caller, Authority.TASK_SUBMIT, field + ".", signature.task());
        }
    }
}

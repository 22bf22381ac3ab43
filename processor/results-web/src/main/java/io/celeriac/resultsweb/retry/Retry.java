package io.celeriac.resultsweb.retry;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.web.problem.FieldError;
import io.celeriac.web.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A new task that repeats one that has ended.
 *
 * @param queue of the new task
 * @param task the new task
 */
public record Retry(String queue, Task task) {

    private static final String ONLY_FROM_RECORD =
            "was left out of the result; give it, or replay the task's dead letter, which has it";

    /**
     * Makes the task as it was.
     *
     * @param id of the new task; null for one that is made when it is sent
     * @throws ProblemException when the old task has not ended, or its arguments are not all known
     */
    public static Retry of(TaskResult ended, @Nullable String id) {
        return of(ended, RetryChanges.NONE, id);
    }

    static Retry of(TaskResult ended, RetryChanges changes, @Nullable String id) {
        if (ended.queue().equals(Workflow.QUEUE)) {
            var workflow = ended.rootId() == null ? ended.id() : ended.rootId();
            throw ProblemException.conflict(
                    "task " + ended.id() + " is a workflow; retry it with POST /api/workflows/" + workflow + "/retry",
                    List.of());
        }
        if (!ended.state().isFinal()) {
            throw ProblemException.conflict(
                    "task " + ended.id() + " is " + ended.state() + "; only a task that has ended can be retried",
                    List.of());
        }
        if (ended.id().equals(id)) {
            throw ProblemException.invalid(
                    "Idempotency-Key",
                    "must not be the id of the task that is retried: workers would drop the new one as a duplicate");
        }
        requireArguments(ended, changes);
        var task = Task.named(ended.task())
                .id(id)
                .args(changes.args() == null ? ended.args() : changes.args())
                .kwargs(changes.kwargs() == null ? ended.kwargs() : changes.kwargs())
                .key(ended.key())
                .priority(ended.priority())
                .labels(ended.labels())
                .parentId(ended.parentId())
                .rootId(ended.rootId())
                .groupId(ended.groupId())
                .schedule(ended.schedule())
                .retryOf(ended.id())
                .build();
        return new Retry(changes.queue() == null ? ended.queue() : changes.queue(), task);
    }

    /**
     * Checks that a task with the id of the new one is the new one, sent by an earlier request.
     *
     * @throws ProblemException when it is another task
     */
    void requireSame(TaskResult there) {
        if (!Objects.equals(there.retryOf(), task.retryOf())) {
            throw ProblemException.invalid("Idempotency-Key", "is the id of a task that does not repeat this one");
        }
        var isHidden = there.argumentsOmitted()
                || text(there.args()).contains(Redaction.MARK)
                || text(there.kwargs()).contains(Redaction.MARK);
        if (!there.queue().equals(queue)
                || !(isHidden
                        || (text(there.args()).equals(text(task.args()))
                                && text(there.kwargs()).equals(text(task.kwargs()))))) {
            throw ProblemException.invalid(
                    "Idempotency-Key",
                    "was used before, for a retry of this task with other arguments or another queue");
        }
    }

    private static String text(Object arguments) {
        return TaskJson.MAPPER.writeValueAsString(arguments);
    }

    private static void requireArguments(TaskResult ended, RetryChanges changes) {
        var missing = new ArrayList<FieldError>();
        if (changes.args() == null) {
            if (ended.argumentsOmitted()) {
                missing.add(new FieldError("args", ONLY_FROM_RECORD));
            }
            for (var index = 0; index < ended.args().size(); index++) {
                addIfSecret("args[" + index + "]", ended.args().get(index), missing);
            }
        }
        if (changes.kwargs() == null) {
            if (ended.argumentsOmitted()) {
                missing.add(new FieldError("kwargs", ONLY_FROM_RECORD));
            }
            ended.kwargs().forEach((name, value) -> addIfSecret("kwargs." + name, value, missing));
        }
        requireNoMark(ended, changes, missing);
        if (!missing.isEmpty()) {
            var names = missing.stream().map(FieldError::field).toList();
            throw ProblemException.conflict(
                    "the arguments of task " + ended.id() + " are not all known: " + String.join(", ", names), missing);
        }
    }

    /** A mark that came back, as from a form that was filled with what is shown, is no argument. */
    private static void requireNoMark(TaskResult ended, RetryChanges changes, List<FieldError> missing) {
        var args = changes.args() == null ? List.<JsonNode>of() : changes.args();
        for (var index = 0; index < Math.min(args.size(), ended.args().size()); index++) {
            if (args.get(index).equals(ended.args().get(index))) {
                addIfSecret("args[" + index + "]", args.get(index), missing);
            }
        }
        if (changes.kwargs() != null) {
            changes.kwargs().forEach((name, value) -> {
                if (value.equals(ended.kwargs().get(name))) {
                    addIfSecret("kwargs." + name, value, missing);
                }
            });
        }
    }

    private static void addIfSecret(String field, JsonNode value, List<FieldError> missing) {
        if (value.isString() && value.asString().equals(Redaction.MARK)) {
            missing.add(new FieldError(field, "is secret; give it anew"));
        }
    }
}

package io.celeriac.contract.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.ValueRules;
import io.celeriac.contract.rule.WireText;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * The state of a task: the value of a record on the results topic, whose key is the task's id. The latest record of a key is
 * the current state of its task. The constructor checks all rules, so every instance can be written, read and stored.
 *
 * @param id the task's id
 * @param task name of the handler
 * @param queue the queue it came from
 * @param state of the task
 * @param attempt number of the attempt that this is about, from 1; 0 before the first
 * @param revision grows with every published state of one task, from 1, so that late and repeated records are recognized; 0
 *     for a task of which nothing has been published
 * @param args as submitted, with {@value Redaction#MARK} in place of each secret value; also empty if they do not fit, or if the
 *     writer did not know the handler
 * @param kwargs as {@code args}
 * @param argumentsOmitted true: the task has arguments that {@code args} and {@code kwargs} do not have
 * @param result the handler's return value as JSON, or {@value Redaction#MARK}; null unless {@link TaskState#SUCCESS}, and for
 *     a handler that returns nothing
 * @param error why the attempt failed; null unless {@link TaskState#FAILURE} or {@link TaskState#RETRY}
 * @param reason why it is {@link TaskState#REVOKED}; null in other states
 * @param progress the latest that was reported; null for none
 * @param worker id of the worker that ran the attempt; null before the first
 * @param partition of the task's record
 * @param offset of the task's record
 * @param key as submitted; null for none
 * @param priority in force, 0 to 9
 * @param labels as submitted
 * @param parentId as submitted; null for none
 * @param rootId as submitted; null for none
 * @param groupId as submitted; null for none
 * @param retryOf the task that this one repeats; null for none
 * @param winner the task of the same unique key for which this one did not run; null for none
 * @param schedule the firing it came from; null for none
 * @param submittedAt by the client's clock; the record's timestamp if the client set none
 * @param eta as submitted; null for none
 * @param startedAt when the attempt started; null before the first
 * @param finishedAt when it became final; null before
 * @param nextAttemptAt when the next attempt is due; null unless {@link TaskState#RETRY}
 * @param children ids of the tasks it emitted
 */
@JsonSerialize(using = TaskResultWriter.class)
public record TaskResult(
        String id,
        String task,
        String queue,
        TaskState state,
        int attempt,
        long revision,
        @JsonInclude(Include.NON_EMPTY) List<JsonNode> args,
        @JsonInclude(Include.NON_EMPTY) Map<String, JsonNode> kwargs,
        @JsonInclude(Include.NON_DEFAULT) boolean argumentsOmitted,
        @Nullable JsonNode result,
        @Nullable TaskError error,
        @Nullable RevokeReason reason,
        @Nullable Progress progress,
        @Nullable String worker,
        @Nullable Integer partition,
        @Nullable Long offset,
        @Nullable String key,
        int priority,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> labels,
        @Nullable String parentId,
        @Nullable String rootId,
        @Nullable String groupId,
        @Nullable String retryOf,
        @Nullable String winner,
        @Nullable Firing schedule,
        @Nullable Instant submittedAt,
        @Nullable Instant eta,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant nextAttemptAt,
        @JsonInclude(Include.NON_EMPTY) List<String> children) {

    @SuppressWarnings("ConstantConditions") // Jackson passes null for missing fields, whatever the type says
    public TaskResult {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(queue, "queue");
        Objects.requireNonNull(state, "state");
        TaskRules.oldId("id", id);
        TaskRules.name(task);
        TaskRules.queue(queue);
        TaskRules.range("attempt", attempt, 0, Integer.MAX_VALUE);
        TaskRules.range("revision", revision, 0, Long.MAX_VALUE);
        TaskRules.priority(priority);
        args = ValueRules.list("args", args);
        kwargs = ValueRules.map("kwargs", kwargs);
        if (result != null) {
            ValueRules.check("result", result);
        }
        worker = worker == null ? null : WireText.repaired(worker);
        if (partition != null) {
            TaskRules.range("partition", partition, 0, Integer.MAX_VALUE);
        }
        if (offset != null) {
            TaskRules.range("offset", offset, 0, Long.MAX_VALUE);
        }
        if (key != null) {
            TaskRules.text("key", key, Limits.KEY);
        }
        labels = TaskRules.labels(labels);
        oldIdOrNull("parentId", parentId);
        oldIdOrNull("rootId", rootId);
        oldIdOrNull("groupId", groupId);
        oldIdOrNull("retryOf", retryOf);
        oldIdOrNull("winner", winner);
        TaskRules.instant("submittedAt", submittedAt);
        TaskRules.instant("eta", eta);
        TaskRules.instant("startedAt", startedAt);
        TaskRules.instant("finishedAt", finishedAt);
        TaskRules.instant("nextAttemptAt", nextAttemptAt);
        children = TaskRules.list("children", children);
        children.forEach(child -> oldIdOrNull("children", child));
    }

    private static void oldIdOrNull(String field, @Nullable String id) {
        if (id != null) {
            TaskRules.oldId(field, id);
        }
    }

    /**
     * Begins the result of a task with the fields of the task.
     *
     * @param task with its id, unless {@link Builder#id} gives it
     */
    public static Builder of(Task task, String queue, TaskState state) {
        return new Builder(task, queue, state);
    }

    /** The same without the error's stack trace, for a record that would be too large. */
    public TaskResult withoutStackTrace() {
        return with(args, kwargs, result, error == null ? null : new TaskError(error.type(), error.message(), null));
    }

    /** The same without args and kwargs, for a record that would be too large, or must not contain them. */
    public TaskResult withoutArguments() {
        return args.isEmpty() && kwargs.isEmpty()
                ? this
                : with(List.of(), Map.of(), true, result, error, progress, labels, children);
    }

    /** The same with only the numbers of the progress, for a record that would be too large. */
    public TaskResult withoutProgressWords() {
        return progress == null
                ? this
                : with(new Progress(progress.done(), progress.total(), null, null), labels, children);
    }

    /** The same without the children, for a record that would be too large. */
    public TaskResult withoutChildren() {
        return with(progress, labels, List.of());
    }

    /** The same without the labels, for a record that would be too large. */
    public TaskResult withoutLabels() {
        return with(progress, Map.of(), children);
    }

    public TaskResult with(
            List<JsonNode> newArgs,
            Map<String, JsonNode> newKwargs,
            @Nullable JsonNode newResult,
            @Nullable TaskError newError) {
        return with(newArgs, newKwargs, argumentsOmitted, newResult, newError, progress, labels, children);
    }

    private TaskResult with(@Nullable Progress newProgress, Map<String, String> newLabels, List<String> newChildren) {
        return with(args, kwargs, argumentsOmitted, result, error, newProgress, newLabels, newChildren);
    }

    private TaskResult with(
            List<JsonNode> newArgs,
            Map<String, JsonNode> newKwargs,
            boolean newArgumentsOmitted,
            @Nullable JsonNode newResult,
            @Nullable TaskError newError,
            @Nullable Progress newProgress,
            Map<String, String> newLabels,
            List<String> newChildren) {
        return new TaskResult(
                id,
                task,
                queue,
                state,
                attempt,
                revision,
                newArgs,
                newKwargs,
                newArgumentsOmitted,
                newResult,
                newError,
                reason,
                newProgress,
                worker,
                partition,
                offset,
                key,
                priority,
                newLabels,
                parentId,
                rootId,
                groupId,
                retryOf,
                winner,
                schedule,
                submittedAt,
                eta,
                startedAt,
                finishedAt,
                nextAttemptAt,
                newChildren);
    }

    /** Builds a result. Not safe for use by several threads. */
    public static final class Builder {
        private final Task task;
        private final String queue;
        private final TaskState state;
        private @Nullable String id;
        private int attempt;
        private long revision = 1;
        private @Nullable JsonNode result;
        private @Nullable TaskError error;
        private @Nullable RevokeReason reason;
        private @Nullable Progress progress;
        private @Nullable String worker;
        private @Nullable String winner;
        private @Nullable Integer partition;
        private @Nullable Long offset;
        private @Nullable Instant submittedAt;
        private @Nullable Instant startedAt;
        private @Nullable Instant finishedAt;
        private @Nullable Instant nextAttemptAt;
        private List<String> children = List.of();

        private Builder(Task task, String queue, TaskState state) {
            this.task = task;
            this.queue = queue;
            this.state = state;
            id = task.id();
            submittedAt = task.submittedAt();
        }

        /** Sets the id, for a task whose own id was reserved after it was accepted. */
        public Builder id(String value) {
            id = value;
            return this;
        }

        public Builder attempt(int value) {
            attempt = value;
            return this;
        }

        public Builder revision(long value) {
            revision = value;
            return this;
        }

        public Builder result(@Nullable JsonNode value) {
            result = value;
            return this;
        }

        public Builder error(@Nullable TaskError value) {
            error = value;
            return this;
        }

        public Builder reason(@Nullable RevokeReason value) {
            reason = value;
            return this;
        }

        public Builder progress(@Nullable Progress value) {
            progress = value;
            return this;
        }

        public Builder worker(@Nullable String value) {
            worker = value;
            return this;
        }

        public Builder winner(@Nullable String value) {
            winner = value;
            return this;
        }

        /** Sets the place of the task's record. */
        public Builder at(int taskPartition, long taskOffset) {
            partition = taskPartition;
            offset = taskOffset;
            return this;
        }

        public Builder submittedAt(@Nullable Instant value) {
            submittedAt = value;
            return this;
        }

        public Builder startedAt(@Nullable Instant value) {
            startedAt = value;
            return this;
        }

        public Builder finishedAt(@Nullable Instant value) {
            finishedAt = value;
            return this;
        }

        public Builder nextAttemptAt(@Nullable Instant value) {
            nextAttemptAt = value;
            return this;
        }

        public Builder children(List<String> values) {
            children = values;
            return this;
        }

        public TaskResult build() {
            return new TaskResult(
                    Objects.requireNonNull(id, "id"),
                    task.task(),
                    queue,
                    state,
                    attempt,
                    revision,
                    task.args(),
                    task.kwargs(),
                    false,
                    result,
                    error,
                    reason,
                    progress,
                    worker,
                    partition,
                    offset,
                    task.key(),
                    task.priorityOrDefault(),
                    task.labels(),
                    task.parentId(),
                    task.rootId(),
                    task.groupId(),
                    task.retryOf(),
                    winner,
                    task.schedule(),
                    submittedAt,
                    task.eta(),
                    startedAt,
                    finishedAt,
                    nextAttemptAt,
                    children);
        }
    }
}

package io.celeriac.contract.task;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.json.WireMapper;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.rule.ValueRules;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonSerialize;

/**
 * A piece of work to be done: the value of a record on a queue's topic. Everything but the name may be absent. The constructor checks
 * {@link Limits}, so every instance can be written, read and stored.
 *
 * @param task name of the handler, {@code [A-Za-z0-9_.:-]{1,255}}
 * @param id chosen by the caller, or a UUIDv7 by the client, {@code [A-Za-z0-9_.:-]{1,64}}; null on a record without id, which then
 *     gets {@link TaskIds#ofRecord}
 * @param args positional arguments, bound to the handler's parameters in order
 * @param kwargs named arguments
 * @param eta does not start before; null for at once
 * @param expires does not start after: it is then {@link TaskState#REVOKED}; null for never
 * @param key tasks of the same key go to the same partition; null for the unique key, or the id
 * @param unique its wish to be the only one; null for none
 * @param priority 0 to 9, where 9 goes first within the window of its partition; null for 5
 * @param maxAttempts ≥ 1, in place of the handler's; null for the handler's
 * @param backoff in place of the handler's; null for the handler's
 * @param timeLimit an attempt longer than this is interrupted and fails; null for the handler's
 * @param parentId the task that emitted this one; null for none
 * @param rootId the first task of its workflow; null when it is one itself
 * @param groupId the group it belongs to; null for none
 * @param retryOf the task that this one repeats, which has ended; null for none
 * @param workflow its place in a workflow; null outside of one
 * @param onSuccess tasks to emit when it has succeeded
 * @param onFailure tasks to emit when its last attempt has failed
 * @param schedule the firing it came from; null for none
 * @param labels for search: tenant, user and the like
 * @param trackStarted true: {@link TaskState#STARTED} is published as well
 * @param ignoreResult true: only failures are published
 * @param submittedAt set by the client; null on a record written by hand, whose timestamp counts instead
 * @param extra fields that this version does not know; they are carried along unchanged
 */
@JsonSerialize(using = TaskWriter.class)
public record Task(
        String task,
        @Nullable String id,
        List<JsonNode> args,
        Map<String, JsonNode> kwargs,
        @Nullable Instant eta,
        @Nullable Instant expires,
        @Nullable String key,
        @Nullable Unique unique,
        @Nullable Integer priority,
        @Nullable Integer maxAttempts,
        @Nullable Backoff backoff,
        @Nullable Duration timeLimit,
        @Nullable String parentId,
        @Nullable String rootId,
        @Nullable String groupId,
        @Nullable String retryOf,
        @Nullable WorkflowMember workflow,
        List<Signature> onSuccess,
        List<Signature> onFailure,
        @Nullable Firing schedule,
        Map<String, String> labels,
        boolean trackStarted,
        boolean ignoreResult,
        @Nullable Instant submittedAt,

        @JsonAnySetter @JsonProperty(Task.NO_NAME) Map<String, JsonNode> extra) {

    /** A name that no JSON field can have, so that a JSON field {@code extra} is an unknown field like others. */
    static final String NO_NAME = "\ud800";

    private static final Set<String> FIELDS = Stream.of(Task.class.getRecordComponents())
            .map(RecordComponent::getName)
            .filter(name -> !name.equals("extra"))
            .collect(Collectors.toUnmodifiableSet());

    @SuppressWarnings("ConstantConditions") // Jackson passes null for missing fields, whatever the type says
    public Task {
        if (task == null) {
            throw new InvalidTaskException("task", "is required");
        }
        TaskRules.name(task);
        checkId("id", id);
        checkId("parentId", parentId);
        checkId("rootId", rootId);
        checkId("groupId", groupId);
        if (retryOf != null) {
            TaskRules.oldId("retryOf", retryOf);
        }
        if (key != null) {
            TaskRules.text("key", key, Limits.KEY);
        }
        if (priority != null) {
            TaskRules.priority(priority);
        }
        if (maxAttempts != null) {
            TaskRules.range("maxAttempts", maxAttempts, 1, Integer.MAX_VALUE);
        }
        TaskRules.instant("eta", eta);
        TaskRules.instant("expires", expires);
        TaskRules.instant("submittedAt", submittedAt);
        TaskRules.duration("timeLimit", timeLimit);
        args = ValueRules.list("args", args);
        kwargs = ValueRules.map("kwargs", kwargs);
        onSuccess = Signature.steps("onSuccess", onSuccess);
        onFailure = Signature.steps("onFailure", onFailure);
        labels = TaskRules.labels(labels);
        extra = unknown(extra);
    }

    private static void checkId(String field, @Nullable String id) {
        if (id != null) {
            TaskRules.id(field, id);
        }
    }

    private static Map<String, JsonNode> unknown(@Nullable Map<String, JsonNode> extra) {
        var fields = ValueRules.map("", extra);
        for (var name : fields.keySet()) {
            if (FIELDS.contains(name)) {
                throw new InvalidTaskException(name, "must not stand among the fields that are not known");
            }
        }
        return fields;
    }

    /** A task with positional arguments, which Jackson writes as JSON. */
    public static Task of(String task, @Nullable Object... args) {
        return named(task).args(args).build();
    }

    /** Begins a task. */
    public static Builder named(String task) {
        return new Builder(task);
    }

    /** Begins a changed copy. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** The priority in force, 0 to 9. */
    public int priorityOrDefault() {
        return priority == null ? TaskRules.DEFAULT_PRIORITY : priority;
    }

    /**
     * The text that decides the partition: {@link #key()}, or that of {@link #unique()}, or {@link #id()}.
     *
     * @throws IllegalStateException when it has none
     */
    public String partitionKey() {
        if (key != null) {
            return key;
        }
        if (unique != null) {
            return unique.key();
        }
        if (id == null) {
            throw new IllegalStateException("task " + task + " has neither key nor id");
        }
        return id;
    }

    /** Builds a task; {@link #build()} checks it as a whole. Not safe for use by several threads. */
    public static final class Builder {
        private String task;
        private @Nullable String id;
        private List<JsonNode> args = List.of();
        private Map<String, JsonNode> kwargs = Map.of();
        private boolean kwargsAreOwn;
        private @Nullable Instant eta;
        private @Nullable Instant expires;
        private @Nullable String key;
        private @Nullable Unique unique;
        private @Nullable Integer priority;
        private @Nullable Integer maxAttempts;
        private @Nullable Backoff backoff;
        private @Nullable Duration timeLimit;
        private @Nullable String parentId;
        private @Nullable String rootId;
        private @Nullable String groupId;
        private @Nullable String retryOf;
        private @Nullable WorkflowMember workflow;
        private List<Signature> onSuccess = List.of();
        private List<Signature> onFailure = List.of();
        private @Nullable Firing schedule;
        private Map<String, String> labels = new LinkedHashMap<>();
        private boolean trackStarted;
        private boolean ignoreResult;
        private @Nullable Instant submittedAt;
        private Map<String, JsonNode> extra = Map.of();

        private Builder(String task) {
            this.task = task;
        }

        private Builder(Task from) {
            task = from.task;
            id = from.id;
            args = from.args;
            kwargs = from.kwargs;
            eta = from.eta;
            expires = from.expires;
            key = from.key;
            unique = from.unique;
            priority = from.priority;
            maxAttempts = from.maxAttempts;
            backoff = from.backoff;
            timeLimit = from.timeLimit;
            parentId = from.parentId;
            rootId = from.rootId;
            groupId = from.groupId;
            retryOf = from.retryOf;
            workflow = from.workflow;
            onSuccess = from.onSuccess;
            onFailure = from.onFailure;
            schedule = from.schedule;
            labels = new LinkedHashMap<>(from.labels);
            trackStarted = from.trackStarted;
            ignoreResult = from.ignoreResult;
            submittedAt = from.submittedAt;
            extra = from.extra;
        }

        Builder name(String value) {
            task = value;
            return this;
        }

        public Builder id(@Nullable String value) {
            id = value;
            return this;
        }

        /** Sets the positional arguments, each written as JSON. */
        public Builder args(@Nullable Object... values) {
            var nodes = new ArrayList<JsonNode>(values.length);
            for (var value : values) {
                nodes.add(WireMapper.tree(value));
            }
            args = nodes;
            return this;
        }

        /** Sets positional arguments that are JSON already. */
        public Builder args(List<JsonNode> values) {
            args = values;
            return this;
        }

        /** Adds a named argument, written as JSON. */
        public Builder kwarg(String name, @Nullable Object value) {
            if (!kwargsAreOwn) {
                kwargs(new LinkedHashMap<>(kwargs));
                kwargsAreOwn = true;
            }
            kwargs.put(name, WireMapper.tree(value));
            return this;
        }

        /** Replaces the named arguments. The map must not change until the task is built. */
        public Builder kwargs(Map<String, JsonNode> values) {
            kwargs = values;
            kwargsAreOwn = false;
            return this;
        }

        public Builder eta(@Nullable Instant value) {
            eta = value;
            return this;
        }

        public Builder expires(@Nullable Instant value) {
            expires = value;
            return this;
        }

        public Builder key(@Nullable String value) {
            key = value;
            return this;
        }

        public Builder unique(@Nullable Unique value) {
            unique = value;
            return this;
        }

        public Builder priority(@Nullable Integer value) {
            priority = value;
            return this;
        }

        public Builder maxAttempts(@Nullable Integer value) {
            maxAttempts = value;
            return this;
        }

        public Builder backoff(@Nullable Backoff value) {
            backoff = value;
            return this;
        }

        public Builder timeLimit(@Nullable Duration value) {
            timeLimit = value;
            return this;
        }

        public Builder parentId(@Nullable String value) {
            parentId = value;
            return this;
        }

        public Builder rootId(@Nullable String value) {
            rootId = value;
            return this;
        }

        public Builder groupId(@Nullable String value) {
            groupId = value;
            return this;
        }

        public Builder retryOf(@Nullable String value) {
            retryOf = value;
            return this;
        }

        public Builder workflow(@Nullable WorkflowMember value) {
            workflow = value;
            return this;
        }

        public Builder onSuccess(List<Signature> values) {
            onSuccess = values;
            return this;
        }

        public Builder onFailure(List<Signature> values) {
            onFailure = values;
            return this;
        }

        public Builder schedule(@Nullable Firing value) {
            schedule = value;
            return this;
        }

        /** Adds a label. */
        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        /** Replaces the labels. */
        public Builder labels(Map<String, String> values) {
            labels = new LinkedHashMap<>(values);
            return this;
        }

        public Builder trackStarted(boolean value) {
            trackStarted = value;
            return this;
        }

        public Builder ignoreResult(boolean value) {
            ignoreResult = value;
            return this;
        }

        public Builder submittedAt(@Nullable Instant value) {
            submittedAt = value;
            return this;
        }

        /** Replaces the unknown fields. */
        public Builder extra(Map<String, JsonNode> values) {
            extra = values;
            return this;
        }

        /**
         * Builds the task.
         *
         * @throws InvalidTaskException naming the field that breaks a rule
         */
        public Task build() {
            return new Task(
                    task,
                    id,
                    args,
                    kwargs,
                    eta,
                    expires,
                    key,
                    unique,
                    priority,
                    maxAttempts,
                    backoff,
                    timeLimit,
                    parentId,
                    rootId,
                    groupId,
                    retryOf,
                    workflow,
                    onSuccess,
                    onFailure,
                    schedule,
                    labels,
                    trackStarted,
                    ignoreResult,
                    submittedAt,
                    extra);
        }
    }
}

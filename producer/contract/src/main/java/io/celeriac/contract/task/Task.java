package io.celeriac.contract.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.celeriac.contract.json.WireMapper;
import io.celeriac.contract.result.TaskState;
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

/**
 * One piece of work asked for: the value of a record on a queue's topic. Everything but the name may be absent. One that exists keeps
 * to {@link Limits}, and so can be written, read and stored.
 *
 * @param task name of the handler, {@code [A-Za-z0-9_.:-]{1,255}}
 * @param id the caller's own, or a UUIDv7 by the client, {@code [A-Za-z0-9_.:-]{1,64}}; null on a record that brought none,
 *     which then gets {@link TaskIds#ofRecord}
 * @param args positional arguments, bound to the handler's parameters in order
 * @param kwargs named arguments
 * @param eta does not start before; null for at once
 * @param expires does not start after: it is then {@link TaskState#REVOKED}; null for never
 * @param key tasks of the same key go to the same partition; null for the id
 * @param priority 0 to 9, where 9 goes first within the window of its partition; null for 5
 * @param maxAttempts ≥ 1, in place of the handler's; null for the handler's
 * @param backoff in place of the handler's; null for the handler's
 * @param timeLimit an attempt longer than this is interrupted and fails; null for the handler's
 * @param parentId the task that emitted this one; null for none
 * @param rootId the first task of its workflow; null when it is one itself
 * @param groupId the group it belongs to; null for none
 * @param onSuccess emitted when it has succeeded
 * @param onFailure emitted when it has failed for good
 * @param schedule the firing it came from; null for none
 * @param labels for search: tenant, user and the like
 * @param trackStarted whether {@link TaskState#STARTED} is published too
 * @param ignoreResult whether nothing is published but failures
 * @param submittedAt set by the client; null on a record typed by hand, which has its timestamp instead
 * @param extra fields that this version does not know; they are carried along unchanged
 */
public record Task(
        String task,
        @Nullable String id,
        @JsonInclude(Include.NON_EMPTY) List<JsonNode> args,
        @JsonInclude(Include.NON_EMPTY) Map<String, JsonNode> kwargs,
        @Nullable Instant eta,
        @Nullable Instant expires,
        @Nullable String key,
        @Nullable Integer priority,
        @Nullable Integer maxAttempts,
        @Nullable Backoff backoff,
        @Nullable Duration timeLimit,
        @Nullable String parentId,
        @Nullable String rootId,
        @Nullable String groupId,
        @JsonInclude(Include.NON_EMPTY) List<Signature> onSuccess,
        @JsonInclude(Include.NON_EMPTY) List<Signature> onFailure,
        @Nullable Firing schedule,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> labels,
        @JsonInclude(Include.NON_DEFAULT) boolean trackStarted,
        @JsonInclude(Include.NON_DEFAULT) boolean ignoreResult,
        @Nullable Instant submittedAt,

        @JsonAnySetter @JsonAnyGetter @JsonProperty(Task.NO_NAME)
        Map<String, JsonNode> extra) {

    /** No field can have it in JSON, so that one that is called as the component is here is an unknown field like others. */
    static final String NO_NAME = "\ud800";

    private static final Set<String> FIELDS = Stream.of(Task.class.getRecordComponents())
            .map(RecordComponent::getName)
            .filter(name -> !name.equals("extra"))
            .collect(Collectors.toUnmodifiableSet());

    @SuppressWarnings("ConstantConditions") // what Jackson did not find is null, whatever the type says
    public Task {
        if (task == null) {
            throw new InvalidTaskException("task", "is required");
        }
        TaskRules.name(task);
        checkId("id", id);
        checkId("parentId", parentId);
        checkId("rootId", rootId);
        checkId("groupId", groupId);
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

    /** A task with positional arguments; each is written as JSON the way Jackson does it. */
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
     * What decides the partition: {@link #key()}, else {@link #id()}.
     *
     * @throws IllegalStateException when it has neither
     */
    public String partitionKey() {
        if (key != null) {
            return key;
        }
        if (id == null) {
            throw new IllegalStateException("task " + task + " has neither key nor id");
        }
        return id;
    }

    /** Puts a task together; checked as a whole by {@link #build()}. Not safe for use by several threads. */
    public static final class Builder {
        private String task;
        private @Nullable String id;
        private List<JsonNode> args = List.of();
        private Map<String, JsonNode> kwargs = new LinkedHashMap<>();
        private @Nullable Instant eta;
        private @Nullable Instant expires;
        private @Nullable String key;
        private @Nullable Integer priority;
        private @Nullable Integer maxAttempts;
        private @Nullable Backoff backoff;
        private @Nullable Duration timeLimit;
        private @Nullable String parentId;
        private @Nullable String rootId;
        private @Nullable String groupId;
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
            kwargs = new LinkedHashMap<>(from.kwargs);
            eta = from.eta;
            expires = from.expires;
            key = from.key;
            priority = from.priority;
            maxAttempts = from.maxAttempts;
            backoff = from.backoff;
            timeLimit = from.timeLimit;
            parentId = from.parentId;
            rootId = from.rootId;
            groupId = from.groupId;
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

        /** Positional arguments, each written as JSON. */
        public Builder args(@Nullable Object... values) {
            var nodes = new ArrayList<JsonNode>(values.length);
            for (var value : values) {
                nodes.add(WireMapper.tree(value));
            }
            args = nodes;
            return this;
        }

        /** Positional arguments that are JSON already. */
        public Builder args(List<JsonNode> values) {
            args = values;
            return this;
        }

        /** Adds a named argument, written as JSON. */
        public Builder kwarg(String name, @Nullable Object value) {
            kwargs.put(name, WireMapper.tree(value));
            return this;
        }

        /** The named arguments, in place of those set before. */
        public Builder kwargs(Map<String, JsonNode> values) {
            kwargs = new LinkedHashMap<>(values);
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

        /** The labels, in place of those set before. */
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

        /** The fields that are not known, in place of those of the task that this is a copy of. */
        public Builder extra(Map<String, JsonNode> values) {
            extra = values;
            return this;
        }

        /**
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
                    priority,
                    maxAttempts,
                    backoff,
                    timeLimit,
                    parentId,
                    rootId,
                    groupId,
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

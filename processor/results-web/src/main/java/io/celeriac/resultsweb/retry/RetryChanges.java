package io.celeriac.resultsweb.retry;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a retry changes.
 *
 * @param args in place of all positional arguments; null to keep them
 * @param kwargs in place of all named arguments; null to keep them
 * @param queue of the new task; null for the queue of the old one
 */
record RetryChanges(
        @Nullable List<JsonNode> args,
        @Nullable Map<String, JsonNode> kwargs,
        @Nullable String queue) {

    /** Repeats the task as it was. */
    static final RetryChanges NONE = new RetryChanges(null, null, null);

    private static final Set<String> FIELDS = Set.of("args", "kwargs", "queue");

    /**
     * Reads the body of a request. Numbers keep all their digits.
     *
     * @param body null or empty for no change
     * @throws InvalidTaskException naming the field that breaks a rule
     */
    static RetryChanges read(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return NONE;
        }
        var fields = object(body);
        var unknown = new TreeSet<>(fields.propertyNames());
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw new InvalidTaskException(unknown.first(), "cannot be changed by a retry; args, kwargs and queue can");
        }
        var queue = present(fields, "queue");
        if (queue != null && !queue.isString()) {
            throw new InvalidTaskException("queue", "must be a string");
        }
        var arguments = fields.objectNode().put("task", "any");
        for (var field : List.of("args", "kwargs")) {
            var value = present(fields, field);
            if (value != null) {
                arguments.set(field, value);
            }
        }
        var task = TaskJson.task(arguments);
        return new RetryChanges(
                arguments.has("args") ? task.args() : null,
                arguments.has("kwargs") ? task.kwargs() : null,
                queue == null ? null : TaskRules.queue(queue.asString()));
    }

    private static ObjectNode object(byte[] body) {
        try {
            if (TaskJson.MAPPER.readTree(body) instanceof ObjectNode fields) {
                return fields;
            }
        } catch (JacksonException e) {
            throw new InvalidTaskException("", "the body is not JSON: " + e.getOriginalMessage());
        }
        throw new InvalidTaskException("", "the body must be a JSON object");
    }

    private static @Nullable JsonNode present(ObjectNode fields, String name) {
        var value = fields.get(name);
        return value == null || value.isNull() ? null : value;
    }
}

package io.celeriac.resultsweb.retry;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.web.parameter.BodyFields;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

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

    /**
     * Reads the body of a request.
     *
     * @param body null or empty for no change
     * @throws InvalidTaskException naming the field that breaks a rule
     */
    static RetryChanges read(byte @Nullable [] body) {
        var fields = BodyFields.read(body, "args", "kwargs", "queue");
        var arguments = JsonNodeFactory.instance.objectNode().put("task", "any");
        for (var field : List.of("args", "kwargs")) {
            var value = fields.value(field);
            if (value != null) {
                arguments.set(field, value);
            }
        }
        var task = TaskJson.task(arguments);
        var queue = fields.text("queue");
        return new RetryChanges(
                arguments.has("args") ? task.args() : null,
                arguments.has("kwargs") ? task.kwargs() : null,
                queue == null ? null : TaskRules.queue(queue));
    }
}

package io.celeriac.resultsweb.page;

import io.celeriac.contract.TaskJson;
import io.celeriac.web.page.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes the call that sends a task again, for a terminal and for a Java program. */
final class CallTexts {

    private CallTexts() {}

    /**
     * For a shell.
     *
     * @param address of the gateway, as the reader's browser knows it
     */
    static String curl(Fields task, String address) {
        var body = new LinkedHashMap<String, @Nullable Object>();
        for (var name : new String[] {"task", "queue", "key", "priority", "args", "kwargs", "labels"}) {
            if (task.get(name) != null) {
                body.put(name, task.get(name));
            }
        }
        return "curl -s " + address + "/api/tasks -H 'Content-Type: application/json' \\\n  -H \"Authorization: Bearer"
                + " $CELERIAC_TOKEN\" \\\n  -d " + quoted(json(body));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** For a program that has a {@code TaskClient}. */
    static String java(Fields task) {
        var call = new StringBuilder("tasks.sendTo(")
                .append(json(task.get("queue")))
                .append(", Task.named(")
                .append(json(task.get("task")))
                .append(')');
        if (task.get("args") instanceof List<?> values) {
            call.append("\n    .args(")
                    .append(values.stream().map(CallTexts::literal).collect(Collectors.joining(", ")))
                    .append(')');
        }
        if (task.get("kwargs") instanceof Map<?, ?> named) {
            named.forEach((name, value) -> call.append("\n    .kwarg(")
                    .append(json(name))
                    .append(", ")
                    .append(literal(value))
                    .append(')'));
        }
        if (task.get("key") != null) {
            call.append("\n    .key(").append(json(task.get("key"))).append(')');
        }
        return call.append("\n    .build());").toString();
    }

    private static String literal(@Nullable Object value) {
        return value == null || value instanceof String || value instanceof Number || value instanceof Boolean
                ? json(value)
                : "TaskJson.MAPPER.readTree(" + json(json(value)) + ")";
    }

    private static String json(@Nullable Object value) {
        return TaskJson.MAPPER.writeValueAsString(value);
    }
}

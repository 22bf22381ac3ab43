package io.celeriac.client.typed;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskHandle;
import io.celeriac.client.TaskOptions;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A method that sends a task.
 *
 * @param task name of the handler
 * @param parameters the names of the arguments, in the order of the method's parameters
 * @param result type of the handler's result
 * @param options of the annotation
 */
record TaskMethod(String task, List<String> parameters, Type result, TaskOptions options) {

    static TaskMethod of(Method method) {
        var annotation = method.getAnnotation(Task.class);
        if (annotation == null) {
            throw fault(method, "has no @Task");
        }
        try {
            return new TaskMethod(
                    TaskRules.name(annotation.value()),
                    Stream.of(method.getParameters())
                            .map(parameter -> name(method, parameter))
                            .toList(),
                    result(method),
                    options(annotation));
        } catch (InvalidTaskException | DateTimeParseException e) {
            throw fault(method, "has a @Task that is wrong: " + e.getMessage());
        }
    }

    private static String name(Method method, Parameter parameter) {
        if (!parameter.isNamePresent()) {
            throw fault(
                    method,
                    "was compiled without the names of its parameters, which become the names of the task's arguments:"
                            + " compile with -parameters");
        }
        return parameter.getName();
    }

    private static Type result(Method method) {
        if (method.getReturnType() != TaskHandle.class) {
            throw fault(method, "must return a TaskHandle");
        }
        return method.getGenericReturnType() instanceof ParameterizedType type
                ? type.getActualTypeArguments()[0]
                : JsonNode.class;
    }

    private static TaskOptions options(Task annotation) {
        var options = TaskOptions.NONE;
        if (!annotation.queue().isEmpty()) {
            options = options.queue(annotation.queue());
        }
        if (annotation.priority() != -1) {
            options = options.priority(annotation.priority());
        }
        if (!annotation.expires().isEmpty()) {
            options = options.expires(Duration.parse(annotation.expires()));
        }
        if (annotation.maxAttempts() != 0) {
            options = options.maxAttempts(annotation.maxAttempts());
        }
        if (!annotation.timeLimit().isEmpty()) {
            options = options.timeLimit(Duration.parse(annotation.timeLimit()));
        }
        if (annotation.trackStarted()) {
            options = options.trackStarted(true);
        }
        return annotation.ignoreResult() ? options.ignoreResult(true) : options;
    }

    private static IllegalArgumentException fault(Method method, String what) {
        return new IllegalArgumentException(method.getDeclaringClass().getName() + "." + method.getName() + " " + what);
    }

    TaskHandle<?> send(TaskClient client, TaskOptions called, Object[] values) {
        var kwargs = new LinkedHashMap<String, JsonNode>();
        for (int i = 0; i < values.length; i++) {
            kwargs.put(parameters.get(i), TaskJson.tree(values[i]));
        }
        return client.send(
                io.celeriac.contract.task.Task.named(task).kwargs(kwargs).build(), called, options, result);
    }
}

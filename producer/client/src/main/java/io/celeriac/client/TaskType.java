package io.celeriac.client;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import java.util.LinkedHashMap;
import tools.jackson.databind.JsonNode;

/**
 * A task's name and the type of its arguments. Senders share it, so that the compiler checks the arguments. Declare it once,
 * beside the record of the arguments:
 *
 * <pre>{@code
 * record SendEmail(String to, String subject) {
 *     static final TaskType<SendEmail> TASK = TaskType.of("email.send", SendEmail.class);
 * }
 * client.send(SendEmail.TASK.with(new SendEmail("ada@example.org", "Hello")));
 * }</pre>
 *
 * @param name of the handler
 * @param arguments a record or bean, whose properties become the named arguments
 * @param <A> type of the arguments
 */
public record TaskType<A>(String name, Class<A> arguments) {

    public TaskType {
        TaskRules.name(name);
    }

    /** A task type. */
    public static <A> TaskType<A> of(String name, Class<A> arguments) {
        return new TaskType<>(name, arguments);
    }

    /**
     * A task with these arguments.
     *
     * @throws IllegalArgumentException when Jackson does not write them as a JSON object
     */
    public Task with(A values) {
        return builder(values).build();
    }

    /** Begins a task with these arguments; further options can be added. */
    public Task.Builder builder(A values) {
        var json = TaskJson.tree(values);
        if (!json.isObject()) {
            throw new IllegalArgumentException("arguments of " + name + " must be written as a JSON object, but "
                    + arguments.getName() + " is not");
        }
        var kwargs = new LinkedHashMap<String, JsonNode>();
        json.properties().forEach(property -> kwargs.put(property.getKey(), property.getValue()));
        return Task.named(name).kwargs(kwargs);
    }
}

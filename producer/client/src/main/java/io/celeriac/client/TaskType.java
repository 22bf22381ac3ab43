package io.celeriac.client;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import tools.jackson.databind.JsonNode;

/**
 * A task's name and the types of its arguments and its result. Senders share it, so that the compiler checks both. Declare it once,
 * beside the record of the arguments, whose components become the named arguments:
 *
 * <pre>{@code
 * record SendEmail(String to, String subject) {
 *     static final TaskType<SendEmail, String> TASK = TaskType.of("email.send", SendEmail.class, String.class);
 * }
 * String messageId = tasks.send(SendEmail.TASK, new SendEmail("ada@example.org", "Hello")).get(Duration.ofSeconds(10));
 * }</pre>
 *
 * <p>The name and the components are what goes over the wire. A class may be renamed at any time.
 *
 * @param name of the handler
 * @param arguments a record or bean
 * @param result of the handler
 * @param <A> type of the arguments
 * @param <R> type of the result
 */
@SuppressWarnings("UnusedTypeParameter") // R is what a handle of such a task gives
public record TaskType<A, R>(String name, Class<A> arguments, Type result) {

    public TaskType {
        TaskRules.name(name);
    }

    /** A task type. */
    public static <A, R> TaskType<A, R> of(String name, Class<A> arguments, Class<R> result) {
        return new TaskType<>(name, arguments, result);
    }

    /** A task type whose result is read as plain JSON. */
    public static <A> TaskType<A, JsonNode> of(String name, Class<A> arguments) {
        return of(name, arguments, JsonNode.class);
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

    /** A step for {@code onSuccess} and {@code onFailure} with these arguments only. */
    public Signature step(A values) {
        return new Signature(with(values), null, true);
    }

    /** A step that takes the result of the task before as its first argument, and these beside it. */
    public Signature stepAfter(A values) {
        return Signature.of(with(values));
    }
}

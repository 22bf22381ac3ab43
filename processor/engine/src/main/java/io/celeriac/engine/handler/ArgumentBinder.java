package io.celeriac.engine.handler;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.GroupResults;
import io.celeriac.engine.Secret;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskHandler;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Binds a task's {@code args} and {@code kwargs} to the parameters of a method, as Python binds a call: by position,
 * then by name. A duplicate, surplus or missing argument is refused.
 */
final class ArgumentBinder {

    /** A parameter that a task fills. */
    private record Target(String name, JavaType type, boolean optional) {}

    private final String signature;
    private final Class<?>[] types;
    private final List<Target> targets = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();

    ArgumentBinder(Method method) {
        types = method.getParameterTypes();
        var parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            if (types[i] != TaskContext.class) {
                places.put(parameters[i].getName(), targets.size());
                targets.add(target(parameters[i]));
            }
        }
        signature = targets.stream().map(Target::name).collect(Collectors.joining(", ", "(", ")"));
    }

    private static Target target(Parameter parameter) {
        var type = TaskJson.MAPPER.constructType(parameter.getParameterizedType());
        return new Target(parameter.getName(), type, parameter.getType() == Optional.class || isNullable(parameter));
    }

    /** The parameters that a task fills, in order. Types are written as in Java, without packages. */
    List<ParameterInfo> parameters() {
        return targets.stream()
                .map(target -> new ParameterInfo(target.name, typeName(target.type), !target.optional))
                .toList();
    }

    private static String typeName(JavaType type) {
        var name = type.getRawClass().getSimpleName();
        return type.containedTypeCount() == 0
                ? name
                : IntStream.range(0, type.containedTypeCount())
                        .mapToObj(i -> typeName(type.containedType(i)))
                        .collect(Collectors.joining(", ", name + "<", ">"));
    }

    /** The redaction of a handler's tasks: the parameters that a task fills, and which of them are secret. */
    static Redaction redaction(Method method, TaskHandler rules) {
        var names = new ArrayList<String>();
        var secret = new HashSet<String>();
        var parameters = Stream.of(method.getParameters())
                .filter(parameter -> parameter.getType() != TaskContext.class)
                .toList();
        for (var parameter : parameters) {
            names.add(parameter.getName());
            if (parameter.isAnnotationPresent(Secret.class)) {
                secret.add(parameter.getName());
            }
        }
        var isWhole = parameters.size() == 1 && parameters.get(0).getType().isRecord();
        return new Redaction(
                Set.of(),
                isWhole ? Set.of() : secret,
                rules.secret() || (isWhole && !secret.isEmpty()),
                rules.secret() || rules.secretResult(),
                isWhole ? null : names);
    }

    private static boolean isNullable(Parameter parameter) {
        var declared = Arrays.stream(parameter.getAnnotations());
        var onType = Arrays.stream(parameter.getAnnotatedType().getAnnotations());
        return Stream.concat(declared, onType)
                .map(Annotation::annotationType)
                .anyMatch(type -> type.getSimpleName().equals("Nullable"));
    }

    /**
     * @throws InvalidArgumentsException naming the argument that does not fit
     */
    @Nullable
    Object[] bind(Task task, TaskContext context) {
        var given = takesAllKwargs(task) ? new JsonNode[] {TaskJson.tree(task.kwargs())} : byPlace(task);
        var bound = new Object[types.length];
        var next = 0;
        for (int i = 0; i < types.length; i++) {
            bound[i] =
                    types[i] == TaskContext.class ? context : convert(task, context, targets.get(next), given[next++]);
        }
        return bound;
    }

    private boolean takesAllKwargs(Task task) {
        return targets.size() == 1
                && targets.get(0).type.isRecordType()
                && task.args().isEmpty()
                && !task.kwargs().containsKey(targets.get(0).name);
    }

    private @Nullable JsonNode[] byPlace(Task task) {
        var args = task.args();
        if (args.size() > targets.size()) {
            throw new InvalidArgumentsException(task.task() + signature + " takes " + counted(targets.size()) + ", but "
                    + args.size() + " are given");
        }
        var given = new JsonNode[targets.size()];
        for (int i = 0; i < args.size(); i++) {
            given[i] = args.get(i);
        }
        task.kwargs().forEach((name, value) -> {
            var place = places.get(name);
            if (place == null) {
                throw new InvalidArgumentsException(task.task() + signature + " has no argument \"" + name + '"');
            }
            if (given[place] != null) {
                throw new InvalidArgumentsException(
                        task.task() + signature + " is given \"" + name + "\" by position and by name");
            }
            given[place] = value;
        });
        return given;
    }

    private @Nullable Object convert(Task task, TaskContext context, Target target, @Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            if (!target.optional) {
                throw new InvalidArgumentsException(task.task() + signature + " lacks \"" + target.name + '"');
            }
            return target.type.hasRawClass(Optional.class) ? Optional.empty() : null;
        }
        if (target.type.hasRawClass(GroupResults.class)) {
            return context.groupResults(value, target.type.containedTypeOrUnknown(0));
        }
        try {
            var whole = isReference(value) && takesList(target.type) ? list(context, value) : value;
            return TaskJson.MAPPER.treeToValue(whole, target.type);
        } catch (JacksonException e) {
            var inside = value.isContainer() ? ": " + e.getOriginalMessage() : "";
            var rule = task.task() + signature + ": \"" + target.name + "\" must be "
                    + target.type.getRawClass().getSimpleName();
            throw new InvalidArgumentsException(rule + ", but is " + shown(value) + inside, rule);
        }
    }

    private static boolean isReference(JsonNode value) {
        return value.isObject() && value.path("$group").isString() && value.has("workflow") && value.has("since");
    }

    /** Whether values of the type come from a JSON array, as those of any type do that takes all JSON. */
    private static boolean takesList(JavaType type) {
        return type.isCollectionLikeType()
                || type.isArrayType()
                || type.hasRawClass(Object.class)
                || type.hasRawClass(Iterable.class)
                || JsonNode.class.isAssignableFrom(type.getRawClass())
                || (type.hasRawClass(Optional.class) && takesList(type.containedTypeOrUnknown(0)));
    }

    /** A handler that wants a list has it in memory. */
    private static JsonNode list(TaskContext context, JsonNode reference) {
        var list = JsonNodeFactory.instance.arrayNode();
        context.<JsonNode>groupResults(reference, JsonNode.class).forEach(list::add);
        return list;
    }

    private static String shown(JsonNode value) {
        var json = value.toString();
        return json.length() > 80 ? json.substring(0, 80) + "…" : json;
    }

    private static String counted(int arguments) {
        return arguments == 1 ? "1 argument" : arguments + " arguments";
    }
}

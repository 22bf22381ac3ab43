package io.celeriac.test.signature;

import io.celeriac.client.TaskHandle;
import io.celeriac.client.typed.Task;
import io.celeriac.contract.TaskJson;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import tools.jackson.databind.JavaType;

/**
 * Compares the interfaces of callers with the handlers of a worker, by their JSON: names of tasks, arguments by name and type, and
 * results.
 */
public final class HandlerMatch {

    /** An argument that a handler takes. */
    private record Taken(JavaType type, boolean required) {}

    private final HandlerRegistry handlers;
    private final List<String> faults = new ArrayList<>();

    private HandlerMatch(HandlerRegistry handlers) {
        this.handlers = handlers;
    }

    /**
     * Verifies that each {@link Task} method of the interfaces has a handler that takes its arguments and returns its result.
     *
     * @throws AssertionError naming all that do not fit
     */
    public static void assertHandlersMatch(HandlerRegistry handlers, Class<?>... interfaces) {
        var match = new HandlerMatch(handlers);
        Stream.of(interfaces).forEach(match::check);
        if (!match.faults.isEmpty()) {
            throw new AssertionError("handlers do not match:\n  " + String.join("\n  ", match.faults));
        }
    }

    private void check(Class<?> calls) {
        var methods = Stream.of(calls.getMethods())
                .filter(method -> method.isAnnotationPresent(Task.class))
                .toList();
        if (methods.isEmpty()) {
            faults.add(calls.getName() + " has no @Task method");
        }
        methods.forEach(this::check);
    }

    private void check(Method call) {
        var name = call.getAnnotation(Task.class).value();
        var handler = handlers.find(name);
        if (handler.isEmpty()) {
            faults.add(where(call) + ": no handler for \"" + name + "\"; there are " + handlers.names());
            return;
        }
        var method = handler.get().call().method();
        if (method != null) {
            checkArguments(call, method, taken(call, handler.get(), method));
            checkResult(call, method);
        }
    }

    /** By name. A single record takes all arguments, unless one of them has its name. */
    private static Map<String, Taken> taken(Method call, Handler handler, Method method) {
        var taken = new LinkedHashMap<String, Taken>();
        var infos = handler.call().parameters();
        var parameters = Stream.of(method.getParameters())
                .filter(parameter -> parameter.getType() != TaskContext.class)
                .toList();
        for (int i = 0; infos != null && i < infos.size(); i++) {
            var info = infos.get(i);
            taken.put(info.name(), new Taken(type(parameters.get(i).getParameterizedType()), info.required()));
        }
        if (taken.size() == 1
                && parameters.get(0).getType().isRecord()
                && !gives(call, taken.keySet().iterator().next())) {
            return components(parameters.get(0));
        }
        return taken;
    }

    private static boolean gives(Method call, String name) {
        return Stream.of(call.getParameters())
                .anyMatch(parameter -> parameter.getName().equals(name));
    }

    /** A component that is left out is null or zero, which its record may refuse; types do not say so. */
    private static Map<String, Taken> components(Parameter wholeRecord) {
        var taken = new LinkedHashMap<String, Taken>();
        JsonShape.of(type(wholeRecord.getParameterizedType()))
                .properties()
                .forEach((name, type) -> taken.put(name, new Taken(type, false)));
        return taken;
    }

    private void checkArguments(Method call, Method method, Map<String, Taken> taken) {
        var left = new LinkedHashMap<>(taken);
        for (var parameter : call.getParameters()) {
            var argument = left.remove(parameter.getName());
            if (argument == null) {
                faults.add(where(call) + ": " + where(method) + " has no argument \"" + parameter.getName()
                        + "\"; it takes " + taken.keySet());
            } else {
                var given = type(parameter.getParameterizedType());
                JsonShape.misfit(given, argument.type)
                        .ifPresent(why -> faults.add(where(call) + ": \"" + parameter.getName() + "\" is "
                                + given.toCanonical() + ", but " + where(method) + " takes "
                                + argument.type.toCanonical() + why));
            }
        }
        left.forEach((name, argument) -> {
            if (argument.required) {
                faults.add(where(call) + ": " + where(method) + " needs \"" + name + '"');
            }
        });
    }

    private void checkResult(Method call, Method method) {
        if (!(call.getGenericReturnType() instanceof ParameterizedType handle)
                || handle.getRawType() != TaskHandle.class
                || handle.getActualTypeArguments()[0] instanceof WildcardType) {
            return; // says nothing
        }
        var expected = type(handle.getActualTypeArguments()[0]);
        var returned = type(method.getGenericReturnType());
        var awaited = returned.isTypeOrSubTypeOf(CompletionStage.class)
                ? returned.findTypeParameters(CompletionStage.class)[0]
                : returned;
        if (isNothing(awaited) || isNothing(expected)) {
            if (isNothing(awaited) && !isNothing(expected) && !JsonShape.isOpen(expected)) {
                faults.add(where(call) + " expects " + expected.toCanonical() + ", but " + where(method)
                        + " returns nothing");
            }
            return;
        }
        JsonShape.misfit(awaited, expected)
                .ifPresent(why -> faults.add(where(call) + " expects " + expected.toCanonical() + ", but "
                        + where(method) + " returns " + awaited.toCanonical() + why));
    }

    private static boolean isNothing(JavaType type) {
        return type.hasRawClass(void.class) || type.hasRawClass(Void.class);
    }

    private static JavaType type(Type type) {
        return TaskJson.MAPPER.constructType(type);
    }

    private static String where(Method method) {
        return method.getDeclaringClass().getSimpleName() + '.' + method.getName();
    }
}

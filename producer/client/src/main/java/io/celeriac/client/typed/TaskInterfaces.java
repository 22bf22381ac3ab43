package io.celeriac.client.typed;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskOptions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Implements interfaces whose methods are annotated with {@link Task}. */
public final class TaskInterfaces {

    private TaskInterfaces() {}

    /**
     * Implements an interface. It checks all methods now, so that a fault shows when the service starts.
     *
     * @throws IllegalArgumentException naming the method that cannot be called, and why
     */
    public static <S> S implement(Class<S> type, TaskClient client) {
        if (!type.isInterface()) {
            throw new IllegalArgumentException(type.getName() + " must be an interface");
        }
        var calls = new HashMap<Method, TaskMethod>();
        for (var method : type.getMethods()) {
            if (Modifier.isAbstract(method.getModifiers()) && method.getDeclaringClass() != TaskCalls.class) {
                calls.put(method, TaskMethod.of(method));
            }
        }
        return proxy(type, new Calls(type, client, Map.copyOf(calls), TaskOptions.NONE));
    }

    private static <S> S proxy(Class<S> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private record Calls(Class<?> type, TaskClient client, Map<Method, TaskMethod> calls, TaskOptions options)
            implements InvocationHandler {

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            var values = arguments == null ? new Object[0] : arguments;
            var call = calls.get(method);
            if (call != null) {
                return call.send(client, options, values);
            }
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, values);
            }
            return switch (method.getName()) {
                case "with" -> proxy(type, new Calls(type, client, calls, changed(values[0])));
                case "equals" -> proxy == values[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "tasks of " + type.getName();
            };
        }

        @SuppressWarnings("unchecked") // the only parameter of TaskCalls.with
        private TaskOptions changed(Object change) {
            return ((UnaryOperator<TaskOptions>) change).apply(options);
        }
    }
}

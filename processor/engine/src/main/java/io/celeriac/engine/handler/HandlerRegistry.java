package io.celeriac.engine.handler;

import io.celeriac.contract.TaskRules;
import io.celeriac.engine.TaskHandler;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The handlers of this worker by the names of their tasks. Immutable. */
public final class HandlerRegistry {

    private final Map<String, Handler> handlers;

    /**
     * @throws IllegalArgumentException when two have the same name
     */
    public HandlerRegistry(Collection<Handler> handlers) {
        var byName = new TreeMap<String, Handler>();
        for (var handler : handlers) {
            TaskRules.name(handler.name());
            if (byName.put(handler.name(), handler) != null) {
                throw new IllegalArgumentException("two handlers for tasks named \"" + handler.name() + '"');
            }
        }
        this.handlers = Map.copyOf(byName);
    }

    /** The handler of a method that is marked with {@link TaskHandler}. */
    public static Handler handler(Object bean, Method method, TaskHandler rules) {
        var timeLimit = rules.timeLimit().isEmpty() ? null : Duration.parse(rules.timeLimit());
        return new Handler(rules.value(), new MethodCall(bean, method), RetryPolicy.of(rules.retry()), timeLimit);
    }

    /** The handler of a name, if this worker has one. */
    public Optional<Handler> find(String task) {
        return Optional.ofNullable(handlers.get(task));
    }

    /** The names it knows, sorted. */
    public Set<String> names() {
        return new TreeSet<>(handlers.keySet());
    }
}

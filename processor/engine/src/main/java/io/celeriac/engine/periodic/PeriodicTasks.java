package io.celeriac.engine.periodic;

import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import io.celeriac.engine.PeriodicTask;
import io.celeriac.engine.TaskHandler;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the {@link PeriodicTask}s of an application's handlers. For use by one thread. */
public final class PeriodicTasks {

    private final String defaultQueue;
    private final UnaryOperator<String> placeholders;
    private final Map<String, Found> byName = new TreeMap<>();

    private record Found(Method method, Declared declared) {}

    /**
     * @param defaultQueue queue of the annotations that name none
     * @param placeholders replaces the placeholders in a text; throws {@link IllegalArgumentException} for one without a value
     */
    public PeriodicTasks(String defaultQueue, UnaryOperator<String> placeholders) {
        this.defaultQueue = defaultQueue;
        this.placeholders = placeholders;
    }

    /**
     * Adds the annotations of a method.
     *
     * @param handler of the method; null where the method has none
     * @throws IllegalArgumentException naming the method and what is wrong with one of its annotations
     */
    public void add(Method method, @Nullable TaskHandler handler, Collection<PeriodicTask> periodic) {
        for (var each : periodic) {
            try {
                add(method, handler, each, periodic.size() > 1);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("@PeriodicTask on " + shown(method) + ": " + e.getMessage(), e);
            }
        }
    }

    private void add(Method method, @Nullable TaskHandler handler, PeriodicTask periodic, boolean several) {
        if (handler == null) {
            throw new IllegalArgumentException("the method must be a @TaskHandler");
        }
        if (several && periodic.name().isEmpty()) {
            throw new IllegalArgumentException("name must be given to each, as there are several");
        }
        new DeclaredTask(periodic, handler.value(), defaultQueue, placeholders)
                .read()
                .ifPresent(declared -> {
                    var other = byName.putIfAbsent(String.valueOf(declared.name()), new Found(method, declared));
                    if (other != null) {
                        throw new IllegalArgumentException(
                                "name \"" + declared.name() + "\" is taken by one on " + shown(other.method));
                    }
                });
    }

    private static String shown(Method method) {
        return method.getDeclaringClass().getName() + '.' + method.getName();
    }

    /** The added schedules that are not switched off, sorted by name, so that the list is the same at each start. */
    public List<Declared> declared() {
        var all = new ArrayList<Declared>();
        byName.values().forEach(found -> all.add(found.declared));
        return all;
    }
}

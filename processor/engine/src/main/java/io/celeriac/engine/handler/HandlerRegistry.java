package io.celeriac.engine.handler;

import io.celeriac.contract.control.RateLimit;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.engine.TaskHandler;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The handlers of this worker by the names of their tasks. Immutable. */
public final class HandlerRegistry {

    private final List<Handler> handlers;
    private final Map<String, Handler> byName;
    private final RedactionRules rules;

    /**
     * Handlers without redaction rules.
     *
     * @throws IllegalArgumentException when two have the same name
     */
    public HandlerRegistry(Collection<Handler> handlers) {
        this(handlers, RedactionRules.NONE);
    }

    private HandlerRegistry(Collection<Handler> handlers, RedactionRules rules) {
        var byName = new TreeMap<String, Handler>();
        for (var handler : handlers) {
            add(handler.name(), handler, byName);
            handler.aliases().forEach(alias -> add(alias, handler, byName));
        }
        this.handlers = List.copyOf(handlers);
        this.byName = Map.copyOf(byName);
        this.rules = rules;
    }

    private static void add(String name, Handler handler, Map<String, Handler> byName) {
        TaskRules.name(name);
        if (byName.put(name, handler) != null) {
            throw new IllegalArgumentException("two handlers for tasks named \"" + name + '"');
        }
    }

    /** The handler of a method that is marked with {@link TaskHandler}. */
    public static Handler handler(Object bean, Method method, TaskHandler rules) {
        var timeLimit = rules.timeLimit().isEmpty() ? null : Duration.parse(rules.timeLimit());
        var limits = new HandlerLimits(
                rules.concurrency() == 0 ? null : rules.concurrency(),
                rules.rateLimit().isEmpty() ? null : RateLimit.parse(rules.rateLimit()));
        return new Handler(
                rules.value(),
                Set.of(rules.aliases()),
                new MethodCall(bean, method),
                RetryPolicy.of(rules.retry()),
                timeLimit,
                limits,
                grace(rules, timeLimit),
                ArgumentBinder.redaction(method, rules));
    }

    private static @Nullable Duration grace(TaskHandler rules, @Nullable Duration timeLimit) {
        if (rules.hardTimeLimit().isEmpty()) {
            return null;
        }
        var hard = Duration.parse(rules.hardTimeLimit());
        if (timeLimit == null || hard.compareTo(timeLimit) < 0) {
            throw new IllegalArgumentException("hardTimeLimit of " + rules.value() + " is " + hard
                    + " and needs a timeLimit that is not longer, but timeLimit is " + timeLimit);
        }
        return hard.minus(timeLimit);
    }

    /**
     * The same handlers with other limits.
     *
     * @param limits by the names of the tasks
     * @throws IllegalArgumentException when there is no handler of a name
     */
    public HandlerRegistry limited(Map<String, HandlerLimits> limits) {
        limits.keySet().stream().filter(name -> !isName(name)).forEach(name -> {
            throw new IllegalArgumentException(
                    "celeriac.worker.handler has limits for \"" + name + "\", but this worker knows " + names());
        });
        return new HandlerRegistry(
                handlers.stream()
                        .map(handler -> handler.limited(
                                handler.limits().overriddenBy(limits.getOrDefault(handler.name(), HandlerLimits.NONE))))
                        .toList(),
                rules);
    }

    private boolean isName(String name) {
        return handlers.stream().anyMatch(handler -> handler.name().equals(name));
    }

    /** The same handlers with redaction rules, which also apply to tasks without a handler here. */
    public HandlerRegistry redacted(RedactionRules newRules) {
        return new HandlerRegistry(
                handlers.stream()
                        .map(handler -> handler.redacted(newRules.of(handler.name())))
                        .toList(),
                newRules);
    }

    /** The redaction of the tasks of a name; that of the rules alone where the name has no handler. */
    public Redaction redaction(String task) {
        var handler = byName.get(task);
        if (handler == null) {
            return rules.of(task);
        }
        return handler.name().equals(task)
                ? handler.redaction()
                : handler.redaction().and(rules.of(task));
    }

    /** Whether any handler or rule makes an argument secret. */
    public boolean haveSecrets() {
        return !rules.areNone()
                || handlers.stream().anyMatch(handler -> handler.redaction().hasSecretArguments());
    }

    /** The handler of a name, if this worker has one. */
    public Optional<Handler> find(String task) {
        return Optional.ofNullable(byName.get(task));
    }

    /** All handlers, in no order. */
    public List<Handler> all() {
        return handlers;
    }

    /** The names of all handlers, aliases included, sorted. */
    public Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }
}

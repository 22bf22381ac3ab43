package io.celeriac.client;

import io.celeriac.contract.rule.TaskRules;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What configuration says of tasks: routes by name, and default options. Both go by patterns, in which {@code *} stands for any
 * characters. Where several patterns match, the one with the most other characters decides.
 */
public final class TaskDefaults {

    /** No routes and no options. */
    public static final TaskDefaults NONE = new TaskDefaults(Map.of(), Map.of());

    private final List<Entry<String>> routes;
    private final List<Entry<TaskOptions>> options;

    private record Entry<T>(Pattern pattern, int weight, T value) {}

    /**
     * @param routes pattern → queue
     * @param options pattern → options
     */
    public TaskDefaults(Map<String, String> routes, Map<String, TaskOptions> options) {
        routes.values().forEach(TaskRules::queue);
        this.routes = entries(routes);
        this.options = entries(options);
    }

    private static <T> List<Entry<T>> entries(Map<String, T> values) {
        return values.entrySet().stream()
                .map(value -> new Entry<>(
                        pattern(value.getKey()), value.getKey().replace("*", "").length(), value.getValue()))
                .sorted(Comparator.<Entry<T>>comparingInt(Entry::weight)
                        .reversed()
                        .thenComparing(entry -> entry.pattern().pattern()))
                .toList();
    }

    private static Pattern pattern(String glob) {
        var regex = new StringBuilder();
        for (var part : glob.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }

    /** The queue of a task that names none; empty for the default queue. */
    Optional<String> route(String task) {
        return first(routes, task);
    }

    /** The options of a task in configuration. */
    TaskOptions options(String task) {
        return first(options, task).orElse(TaskOptions.NONE);
    }

    private static <T> Optional<T> first(List<Entry<T>> entries, String task) {
        for (var entry : entries) {
            if (entry.pattern.matcher(task).matches()) {
                return Optional.of(entry.value);
            }
        }
        return Optional.empty();
    }
}

package io.celeriac.djangoimport;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.DefaultApplicationArguments;

/**
 * What a person asked for.
 *
 * @param sourceUrl JDBC URL of the database to read
 * @param sourceUser who may read it
 * @param prefix in front of every name; may be empty
 * @param queueMap queues here by queues there, for those that are to have another name
 * @param redisPriorities whether 0 is the highest priority of the source
 * @param paused whether nothing of it is to fire yet
 * @param overwrite whether what was changed here is lost
 * @param dryRun whether nothing is written
 * @param report file for the report as JSON; null for none
 */
record ImportOptions(
        String sourceUrl,
        String sourceUser,
        String prefix,
        Map<String, String> queueMap,
        boolean redisPriorities,
        boolean paused,
        boolean overwrite,
        boolean dryRun,
        @Nullable Path report) {

    private static final Set<String> FLAGS = Set.of("redis-priorities", "paused", "overwrite", "dry-run");
    private static final Set<String> VALUES = Set.of("source-url", "source-user", "prefix", "queue-map", "report");

    ImportOptions {
        queueMap = Map.copyOf(queueMap);
        if (!prefix.matches("[A-Za-z0-9_.:-]{0,100}")) {
            throw new IllegalArgumentException("--prefix must match [A-Za-z0-9_.:-]{0,100}, but is \"" + prefix + '"');
        }
    }

    /**
     * @throws IllegalArgumentException with a message for whoever typed it
     */
    static ImportOptions of(List<String> arguments) {
        var given = new DefaultApplicationArguments(arguments.toArray(String[]::new));
        for (var word : given.getNonOptionArgs()) {
            throw new IllegalArgumentException("\"" + word + "\" is not known here; options are written --name=value");
        }
        for (var name : given.getOptionNames()) {
            check(name, given.getOptionValues(name));
        }
        var report = last(given.getOptionValues("report"));
        return new ImportOptions(
                required(given, "source-url"),
                required(given, "source-user"),
                or(last(given.getOptionValues("prefix")), ""),
                queueMap(given.getOptionValues("queue-map")),
                given.containsOption("redis-priorities"),
                given.containsOption("paused"),
                given.containsOption("overwrite"),
                given.containsOption("dry-run"),
                report == null ? null : Path.of(report));
    }

    private static void check(String name, @Nullable List<String> values) {
        if (!FLAGS.contains(name) && !VALUES.contains(name)) {
            throw new IllegalArgumentException("--" + name + " is not known here");
        }
        var hasValue = values != null && values.stream().anyMatch(value -> !value.isEmpty());
        if (FLAGS.contains(name) == hasValue) {
            throw new IllegalArgumentException("--" + name + (hasValue ? " has no value" : " needs a value"));
        }
    }

    private static String required(DefaultApplicationArguments given, String name) {
        var value = last(given.getOptionValues(name));
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is required");
        }
        return value;
    }

    private static @Nullable String last(@Nullable List<String> values) {
        return values == null || values.isEmpty() ? null : values.get(values.size() - 1);
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    private static Map<String, String> queueMap(@Nullable List<String> pairs) {
        var map = new HashMap<String, String>();
        for (var pair : pairs == null ? List.<String>of() : pairs) {
            var middle = pair.lastIndexOf('=');
            if (middle < 1) {
                throw new IllegalArgumentException("--queue-map must be old=new, but is \"" + pair + '"');
            }
            try {
                map.put(pair.substring(0, middle), TaskRules.queue(pair.substring(middle + 1)));
            } catch (InvalidTaskException e) {
                throw new IllegalArgumentException("--queue-map: the new " + e.getMessage(), e);
            }
        }
        return map;
    }
}

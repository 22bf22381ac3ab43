package io.celeriac.client.autoconfigure;

import io.celeriac.client.TaskDefaults;
import io.celeriac.client.TaskOptions;
import io.celeriac.client.result.ResultReaderProperties;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the client.
 *
 * @param routes queue of the tasks whose name matches a pattern: {@code celeriac.client.routes[mail.*]=mail}. A call that names a queue
 *     goes there
 * @param tasks default options of the tasks whose name matches a pattern: {@code celeriac.client.tasks[report.*].expires=1h}
 * @param results how results are read
 */
@ConfigurationProperties("celeriac.client")
public record TaskClientProperties(
        @DefaultValue Map<String, String> routes,
        @DefaultValue Map<String, Options> tasks,
        @NestedConfigurationProperty @DefaultValue ResultReaderProperties results) {

    /**
     * Default options of tasks. They go before those of {@code @Task}, and after those of a call.
     *
     * @param queue of the task
     * @param priority 0 to 9
     * @param expires does not start later than this long after the call
     * @param maxAttempts attempts in all
     * @param timeLimit longest attempt
     * @param trackStarted publish STARTED too
     * @param ignoreResult publish failures only
     */
    public record Options(
            @Nullable String queue,
            @Nullable Integer priority,
            @Nullable Duration expires,
            @Nullable Integer maxAttempts,
            @Nullable Duration timeLimit,
            @Nullable Boolean trackStarted,
            @Nullable Boolean ignoreResult) {

        TaskOptions options() {
            var options = TaskOptions.NONE;
            options = queue == null ? options : options.queue(queue);
            options = priority == null ? options : options.priority(priority);
            options = expires == null ? options : options.expires(expires);
            options = maxAttempts == null ? options : options.maxAttempts(maxAttempts);
            options = timeLimit == null ? options : options.timeLimit(timeLimit);
            options = trackStarted == null ? options : options.trackStarted(trackStarted);
            return ignoreResult == null ? options : options.ignoreResult(ignoreResult);
        }
    }

    TaskDefaults defaults() {
        var options = new LinkedHashMap<String, TaskOptions>();
        tasks.forEach((pattern, values) -> options.put(pattern, values.options()));
        return new TaskDefaults(routes, options);
    }
}

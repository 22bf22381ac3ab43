package io.celeriac.djangoimport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code django_celery_beat_periodictask}, unchecked. Times are UTC, as SQL writes them.
 *
 * @param rules its rules: exactly one, unless somebody changed the table by SQL
 * @param args a JSON array; null or empty for none
 * @param kwargs a JSON object; null or empty for none
 * @param routing its queue and exchange
 * @param limits when and how often it runs
 * @param description null or empty for none
 * @param unreadable why the row cannot be read; null when it can
 */
record SourceTask(
        long id,
        String name,
        String task,
        List<SourceRule> rules,
        @Nullable String args,
        @Nullable String kwargs,
        Routing routing,
        Limits limits,
        @Nullable String description,
        @Nullable String unreadable) {

    SourceTask(
            long id,
            String name,
            String task,
            List<SourceRule> rules,
            @Nullable String args,
            @Nullable String kwargs,
            Routing routing,
            Limits limits,
            @Nullable String description) {
        this(id, name, task, rules, args, kwargs, routing, limits, description, null);
    }

    /** A row of which only id and name are readable. */
    static SourceTask unreadable(long id, String name, String reason) {
        return new SourceTask(
                id,
                name,
                "",
                List.of(),
                null,
                null,
                new Routing(null, null, null, null, null),
                new Limits(false, false, null, null, null, null, 0),
                null,
                reason);
    }

    /**
     * Where a message goes.
     *
     * @param headers a JSON object; null or empty for none
     * @param priority 0 to 255
     */
    record Routing(
            @Nullable String queue,
            @Nullable String exchange,
            @Nullable String routingKey,
            @Nullable String headers,
            @Nullable Integer priority) {}

    /**
     * When and how often a task runs, its schedule aside.
     *
     * @param runs how often it ran, since it was last enabled
     */
    record Limits(
            boolean enabled,
            boolean oneOff,
            @Nullable String startTime,
            @Nullable String expires,
            @Nullable Long expireSeconds,
            @Nullable String lastRunAt,
            long runs) {}
}

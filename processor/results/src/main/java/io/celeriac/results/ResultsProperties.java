package io.celeriac.results;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.results.*}; all rare.
 *
 * @param materializer from the results topic to the database
 * @param pending rows for tasks that are accepted and have not begun
 * @param startTimeout how long a start waits for the database before it fails; default 60 s
 */
@ConfigurationProperties("celeriac.results")
public record ResultsProperties(
        @DefaultValue Materializer materializer,
        @DefaultValue Pending pending,
        @DefaultValue("60s") Duration startTimeout) {

    /**
     * @param enabled default true
     * @param concurrency consumers in this process, each with a connection to the database; more than there are
     *     partitions are idle; default 1
     * @param maxPollRecords most records written in one transaction; default 1000
     */
    public record Materializer(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("1") int concurrency,
            @DefaultValue("1000") int maxPollRecords) {}

    /**
     * @param enabled default true; false halves the writes to the database, and a task is then found there only once the
     *     worker has published something about it
     */
    public record Pending(@DefaultValue("true") boolean enabled) {}
}

package io.celeriac.schedule;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings under {@code celeriac.schedule}, all rare.
 *
 * @param missedAfter what lateness a running scheduler may have; longer, and the firing counts as missed; default PT1S
 * @param askResultsAfter a firing that is later than this is sent only when no task of its id is known; to be shorter than the
 *     workers' {@code celeriac.worker.deduplication}; default PT1M
 * @param resultPatience how long a task of which nothing is known counts as running, where firings must not overlap; default PT1H
 * @param unfinishedPatience the same for a task that was last seen waiting or running, should its end never be told; longer than any
 *     task may take; default P7D
 * @param sentPatience how long missed firings wait for the results to tell whether they were sent; default PT1M
 * @param keepHistory how long the history of firings is kept; default P30D
 * @param databaseRetries how often to try and reach the database at start, a second apart; default 60
 */
@ConfigurationProperties("celeriac.schedule")
public record ScheduleProperties(
        @DefaultValue("PT1S") Duration missedAfter,
        @DefaultValue("PT1M") Duration askResultsAfter,
        @DefaultValue("PT1H") Duration resultPatience,
        @DefaultValue("P7D") Duration unfinishedPatience,
        @DefaultValue("PT1M") Duration sentPatience,
        @DefaultValue("P30D") Duration keepHistory,
        @DefaultValue("60") int databaseRetries) {

    public ScheduleProperties {
        check("missed-after", missedAfter);
        check("ask-results-after", askResultsAfter);
        check("result-patience", resultPatience);
        check("unfinished-patience", unfinishedPatience);
        check("sent-patience", sentPatience);
        check("keep-history", keepHistory);
        if (databaseRetries < 0) {
            throw new IllegalArgumentException(
                    "celeriac.schedule.database-retries must not be negative, but is " + databaseRetries);
        }
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "celeriac.schedule." + name + " must be longer than zero, but is " + value);
        }
    }
}

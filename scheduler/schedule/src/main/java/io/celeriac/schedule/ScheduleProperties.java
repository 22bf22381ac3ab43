package io.celeriac.schedule;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings under {@code celeriac.schedule}, which rarely need to change.
 *
 * @param missedAfter how late a firing may be before it counts as missed; default PT1S
 * @param askResultsAfter a firing that is later than this is sent only if the results know no task of its id; must be shorter than the
 *     workers' {@code celeriac.worker.deduplication}; default PT1M
 * @param resultPatience how long a task without any result counts as running, for schedules whose firings must not overlap; default
 *     PT1H
 * @param unfinishedPatience the same for a task whose last result is not final; must be longer than any task takes; default P7D
 * @param sentPatience how long missed firings wait for the results to tell whether they were sent; default PT1M
 * @param keepHistory how long the history of firings is kept; default P30D
 * @param databaseRetries how many times to retry the database at start, a second apart; default 60
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

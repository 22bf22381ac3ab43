package io.celeriac.resultsweb.action;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.actions.*}.
 *
 * <p>Frequent:
 *
 * @param keep how long an action and its items are kept after the end; default 30 days
 *     <p>Rare:
 * @param enabled true: this gateway works on actions; false: it only takes and shows them; default true
 * @param maxRunning most actions that run at once; default 100
 * @param countUpTo most items that are counted before an action begins; with more, the number is a lower bound; default 10,000
 * @param pageSize items that are sent at once, 1 to 500; default 500
 * @param lease after which another gateway takes an action whose gateway is silent; default 30 s. Must be shorter than the deduplication
 *     window of the workers
 * @param interval between two looks for actions when there was none; default one second
 * @param keepReplays how long the replays of a dead letter are kept after the dead letter was made; default 90 days
 */
@ConfigurationProperties("celeriac.actions")
public record ActionProperties(
        @DefaultValue("P30D") Duration keep,
        @DefaultValue("true") boolean enabled,
        @DefaultValue("100") int maxRunning,
        @DefaultValue("10000") long countUpTo,
        @DefaultValue("500") int pageSize,
        @DefaultValue("PT30S") Duration lease,
        @DefaultValue("PT1S") Duration interval,
        @DefaultValue("P90D") Duration keepReplays) {

    private static final int LARGEST_PAGE = 500;

    public ActionProperties {
        positive("keep", keep);
        positive("lease", lease);
        positive("interval", interval);
        positive("keep-replays", keepReplays);
        if (pageSize < 1 || pageSize > LARGEST_PAGE) {
            throw new IllegalArgumentException(
                    "celeriac.actions.page-size must be from 1 to " + LARGEST_PAGE + ", but is " + pageSize);
        }
        if (maxRunning < 1 || countUpTo < 1) {
            throw new IllegalArgumentException("celeriac.actions.max-running and count-up-to must be more than zero");
        }
    }

    private static void positive(String setting, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "celeriac.actions." + setting + " must be more than zero, but is " + value);
        }
    }
}

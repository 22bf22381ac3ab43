package io.celeriac.beat;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings under {@code celeriac.beat}, which rarely need to change.
 *
 * @param maxSleep the longest sleep, and so the time until a change is seen; default PT0.5S
 * @param batchSize schedules claimed and stored in one transaction; default 500
 * @param threads how many threads claim and emit, each with its own database connection; default 2
 * @param requestBatchSize manual firings and backfills claimed in one transaction; default 50
 * @param historyInterval how often old history is deleted; default PT10M
 * @param sendPatience how long a batch waits for the broker; schedules without an answer are put off; default PT1S
 * @param maxClockSkew how far this machine's clock may be ahead of the database's; beyond, it fires nothing; default PT1M
 */
@ConfigurationProperties("celeriac.beat")
public record BeatProperties(
        @DefaultValue("PT0.5S") Duration maxSleep,
        @DefaultValue("500") int batchSize,
        @DefaultValue("2") int threads,
        @DefaultValue("50") int requestBatchSize,
        @DefaultValue("PT10M") Duration historyInterval,
        @DefaultValue("PT1S") Duration sendPatience,
        @DefaultValue("PT1M") Duration maxClockSkew) {

    public BeatProperties {
        check("max-sleep", maxSleep);
        check("history-interval", historyInterval);
        check("send-patience", sendPatience);
        check("max-clock-skew", maxClockSkew);
        check("batch-size", batchSize);
        check("threads", threads);
        check("request-batch-size", requestBatchSize);
    }

    private static void check(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("celeriac.beat." + name + " must be longer than zero, but is " + value);
        }
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("celeriac.beat." + name + " must be at least 1, but is " + value);
        }
    }
}

package io.celeriac.beat;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings under {@code celeriac.beat}, all rare.
 *
 * @param maxSleep how long it looks away at the most, and so how long a change takes to be seen; default PT0.5S
 * @param batchSize schedules claimed and stored in one transaction; default 500
 */
@ConfigurationProperties("celeriac.beat")
public record BeatSettings(
        @DefaultValue("PT0.5S") Duration maxSleep,
        @DefaultValue("500") int batchSize) {

    public BeatSettings {
        if (maxSleep.isNegative() || maxSleep.isZero()) {
            throw new IllegalArgumentException("celeriac.beat.max-sleep must be longer than zero, but is " + maxSleep);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("celeriac.beat.batch-size must be at least 1, but is " + batchSize);
        }
    }
}

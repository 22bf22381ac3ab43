package io.celeriac.client.result;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a process reads results.
 *
 * @param clockTolerance by how much the clocks of this process and of workers may differ. A result that was written before the
 *     reader began is looked for from the time of submission less this
 * @param idle the reader stops when nobody has waited for this long
 * @param answerTimeout how long {@code state()} and {@code children()} wait for the reader
 */
public record ResultReaderProperties(
        @DefaultValue("5m") Duration clockTolerance,
        @DefaultValue("1m") Duration idle,
        @DefaultValue("10s") Duration answerTimeout) {

    /** All by default. */
    public static final ResultReaderProperties DEFAULT =
            new ResultReaderProperties(Duration.ofMinutes(5), Duration.ofMinutes(1), Duration.ofSeconds(10));

    public ResultReaderProperties {
        positive("clock-tolerance", clockTolerance);
        positive("idle", idle);
        positive("answer-timeout", answerTimeout);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "celeriac.client.results." + name + " must be longer than zero, but is " + value);
        }
    }
}

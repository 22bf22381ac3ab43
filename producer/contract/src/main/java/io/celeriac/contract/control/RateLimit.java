package io.celeriac.contract.control;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A limit to how often something may begin, in Celery's notation: {@code 10}, {@code 10/s}, {@code 100/m}, {@code 5/h}. As in Celery,
 * it is the shortest time between two starts: {@code 100/m} is one every 600 ms, not a burst of a hundred.
 *
 * @param notation as it was given
 * @param interval between two starts, at least a microsecond
 */
public record RateLimit(String notation, Duration interval) {

    /** The rule for the notation; the text follows the field's name. */
    public static final String RULE =
            "must be a number above zero per second, minute or hour, such as 10/s, 100/m or 5/h";

    private static final Pattern NOTATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(?:/([smh]))?");
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long SHORTEST = 1_000;

    /**
     * @throws IllegalArgumentException naming the notation
     */
    public static RateLimit parse(String notation) {
        var match = NOTATION.matcher(notation);
        var count = match.matches() ? Double.parseDouble(match.group(1)) : 0;
        if (count == 0) {
            throw new IllegalArgumentException("rate limit \"" + notation + "\" " + RULE);
        }
        var nanos = NANOS_PER_SECOND * seconds(match.group(2)) / count;
        return new RateLimit(notation, Duration.ofNanos(Math.max(SHORTEST, Math.round(nanos))));
    }

    private static int seconds(@Nullable String unit) {
        return unit == null || unit.equals("s") ? 1 : unit.equals("m") ? 60 : 3_600;
    }
}

package io.celeriac.web.parameter;

import io.celeriac.contract.rule.InvalidTaskException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A duration as ISO-8601, or as a number of seconds, which may have decimals. It is from 0 to 36,500 days. */
public final class DurationParameter {

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private DurationParameter() {}

    /**
     * Reads a duration from a JSON text or number.
     *
     * @throws InvalidTaskException when it is neither, or out of range
     */
    public static Duration of(String field, JsonNode value) {
        if (value.isNumber()) {
            return within(field, seconds(value.decimalValue(), field));
        }
        return of(field, value.isString() ? value.asString() : "");
    }

    /**
     * Reads a duration from text.
     *
     * @throws InvalidTaskException when it is not a duration, or out of range
     */
    public static Duration of(String field, String text) {
        try {
            var iso = text.regionMatches(true, 0, "P", 0, 1);
            return within(field, iso ? Duration.parse(text) : seconds(new BigDecimal(text), field));
        } catch (DateTimeException | NumberFormatException e) {
            throw unfit(field);
        }
    }

    private static Duration seconds(BigDecimal seconds, String field) {
        if (seconds.signum() < 0 || seconds.compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) > 0) {
            throw unfit(field);
        }
        return Duration.ofNanos(seconds.movePointRight(9).longValue());
    }

    private static Duration within(String field, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw unfit(field);
        }
        return duration;
    }

    private static InvalidTaskException unfit(String field) {
        return new InvalidTaskException(
                field,
                "must be an ISO-8601 duration such as PT30S, or a number of seconds, from 0 to " + LONGEST.toDays()
                        + " days");
    }
}

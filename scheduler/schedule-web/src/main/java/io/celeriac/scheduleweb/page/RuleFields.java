package io.celeriac.scheduleweb.page;

import io.celeriac.web.page.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form that say when a schedule fires. Each kind has values, so that a reader can change the kind.
 *
 * @param every ISO-8601
 * @param amount of the interval, in its unit
 * @param unit of the interval: {@code s}, {@code min}, {@code h} or {@code d}
 * @param expression of the crontab; it may have more than five fields
 * @param five the fields of the crontab; stars when it cannot be written in five
 * @param isExpression true when the crontab is kept as an expression
 */
public record RuleFields(
        String kind,
        String every,
        String amount,
        String unit,
        String expression,
        List<String> five,
        boolean isExpression,
        String event,
        @Nullable Object latitude,
        @Nullable Object longitude,
        @Nullable Object at) {

    /** The fields of a crontab in the order of an expression. */
    public static final List<String> FIVE = List.of("minute", "hour", "dayOfMonth", "monthOfYear", "dayOfWeek");

    private static final String EVERY = "PT30S";
    private static final String EXPRESSION = "0 4 * * *";

    /** The fields of a schedule; what it does not have is preset. */
    static RuleFields of(Fields schedule) {
        var kind = text(schedule.get("kind"), "interval");
        var every = text(schedule.get("every"), EVERY);
        var unit = unit(every);
        var expression = schedule.get("crontab") instanceof Fields crontab
                ? String.join(
                        " ",
                        FIVE.stream()
                                .map(field -> text(crontab.get(field), "*"))
                                .toList())
                : text(schedule.get("expression"), EXPRESSION);
        var words = List.of(expression.split(" "));
        var sun = schedule.get("solar") instanceof Fields solar ? solar : new Fields();
        return new RuleFields(
                kind,
                every,
                amount(every, unit),
                unit,
                expression,
                words.size() == FIVE.size() ? words : List.of("*", "*", "*", "*", "*"),
                schedule.has("expression"),
                text(sun.get("event"), "sunrise"),
                sun.get("latitude"),
                sun.get("longitude"),
                schedule.get("at"));
    }

    private static String text(@Nullable Object value, String otherwise) {
        return value == null ? otherwise : value.toString();
    }

    /** The greatest unit of which the interval is a multiple. */
    private static String unit(String every) {
        var millis = millis(every);
        return millis % Duration.ofDays(1).toMillis() == 0
                ? "d"
                : millis % Duration.ofHours(1).toMillis() == 0
                        ? "h"
                        : millis % Duration.ofMinutes(1).toMillis() == 0 ? "min" : "s";
    }

    private static String amount(String every, String unit) {
        var millis = BigDecimal.valueOf(millis(every));
        var one = switch (unit) {
            case "d" -> Duration.ofDays(1);
            case "h" -> Duration.ofHours(1);
            case "min" -> Duration.ofMinutes(1);
            default -> Duration.ofSeconds(1);
        };
        return millis.divide(BigDecimal.valueOf(one.toMillis()))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static long millis(String every) {
        try {
            return Duration.parse(every).toMillis();
        } catch (DateTimeParseException | ArithmeticException e) {
            return Duration.parse(EVERY).toMillis(); // of an address that somebody has typed
        }
    }
}

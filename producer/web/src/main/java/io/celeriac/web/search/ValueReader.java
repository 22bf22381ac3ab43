package io.celeriac.web.search;

import io.celeriac.web.search.SearchField.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.springframework.boot.convert.DurationStyle;

/** Reads the value of a term as the type of its field. */
final class ValueReader {

    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z"); // what a database stores
    private static final Instant LATEST = Instant.parse("+10000-01-01T00:00:00Z");

    private final String text;
    private final Instant now;

    /**
     * A value in the text.
     *
     * @param text without quotes
     * @param isWildcard true when a star follows it
     * @param isQuoted true when a part of it is quoted
     * @param position of its first character
     */
    record Written(String text, boolean isWildcard, boolean isQuoted, int position) {}

    ValueReader(String text, Instant now) {
        this.text = text;
        this.now = now;
    }

    /**
     * @param sign position of the operator
     */
    Value read(SearchField field, Operator operator, int sign, Written value) {
        checkOperator(field, operator, sign);
        if (value.text().isEmpty() && value.isWildcard() && !value.isQuoted()) {
            if (operator != Operator.EQUAL || field.implied() != null) {
                throw fault(value, "a star cannot be compared");
            }
            return new Value.Any();
        }
        if (value.text().isEmpty() && !value.isQuoted()) {
            throw fault(value, "a value is missing here, such as " + field.example());
        }
        return switch (field.kind()) {
            case TEXT -> new Value.Text(value.text(), value.isWildcard());
            case PART -> part(value);
            case WORD -> word(field, exact(value));
            case NUMBER -> whole(exact(value));
            case DURATION ->
                new Value.Span(duration(exact(value), "must be a length of time such as 5s, 250ms, 2h, 7d or PT5S"));
            case INSTANT -> new Value.Moment(instant(exact(value)));
        };
    }

    private void checkOperator(SearchField field, Operator operator, int sign) {
        var isText = field.kind() == Kind.TEXT || field.kind() == Kind.PART || field.kind() == Kind.WORD;
        if (operator != Operator.EQUAL && (isText || (field.implied() != null && operator != field.implied()))) {
            throw new SearchException(text, sign, field.name() + " takes no comparison, such as " + field.example());
        }
        var needsOne = field.kind() == Kind.DURATION || field.kind() == Kind.INSTANT;
        if (operator == Operator.EQUAL && needsOne && field.implied() == null && !text.startsWith("*", sign)) {
            throw new SearchException(text, sign, "a comparison must stand here, such as " + field.example());
        }
    }

    private Written exact(Written value) {
        if (value.isWildcard()) {
            throw new SearchException(
                    text, value.position(), "only a text ends with a star; this must be a whole value");
        }
        return value;
    }

    private Value part(Written value) {
        if (value.text().isEmpty()) {
            throw fault(value, "a text is missing here");
        }
        return new Value.Text(value.text(), false);
    }

    private Value word(SearchField field, Written value) {
        return field.words().stream()
                .filter(word -> word.equalsIgnoreCase(value.text()))
                .findFirst()
                .map(word -> new Value.Text(word, false))
                .orElseThrow(() -> fault(value, "must be one of " + String.join(", ", field.words())));
    }

    private Value whole(Written value) {
        if (!WHOLE.matcher(value.text()).matches()) {
            throw fault(value, "must be a whole number of at most 18 digits");
        }
        return new Value.Whole(Long.parseLong(value.text()));
    }

    private Duration duration(Written value, String rule) {
        try {
            var length = DurationStyle.detectAndParse(value.text(), ChronoUnit.SECONDS);
            if (!length.isNegative() && length.compareTo(LONGEST) <= 0) {
                return length;
            }
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            // the rule is told below
        }
        throw fault(value, rule);
    }

    private Instant instant(Written value) {
        var written = value.text();
        try {
            var isDate = written.length() == 10 && written.charAt(4) == '-';
            var instant = isDate
                    ? LocalDate.parse(written).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : written.contains("T") && written.contains(":")
                            ? OffsetDateTime.parse(written).toInstant()
                            : now.minus(
                                    duration(
                                            value,
                                            "must be an instant such as 2026-01-31T12:00:00Z, a date of UTC such as 2026-01-31, or a time ago such as 1h"));
            if (!instant.isBefore(EARLIEST) && instant.isBefore(LATEST)) {
                return instant;
            }
            throw fault(value, "must be in the years 1000 to 9999");
        } catch (DateTimeException e) {
            throw fault(value, "must be an instant such as 2026-01-31T12:00:00Z, or a time ago such as 1h");
        }
    }

    private SearchException fault(Written value, String rule) {
        return new SearchException(text, value.position(), rule);
    }
}

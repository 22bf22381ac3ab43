package io.celeriac.web.page;

import io.celeriac.contract.TaskJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import tools.jackson.core.JacksonException;

/**
 * Writes values for the reader of a page, in the reader's language and zone. What is not known is shown as a dash.
 *
 * <p>Made anew for each page, with the time of the page.
 */
public final class Show {

    /** Shown for what is not known. */
    static final String UNKNOWN = "–";

    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter PRECISE = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private static final DateTimeFormatter WEEKDAY = DateTimeFormatter.ofPattern("EEE yyyy-MM-dd");
    private static final DateTimeFormatter DAY_OF_MONTH = DateTimeFormatter.ofPattern("EEE dd");
    private static final DateTimeFormatter FIELD = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");
    private static final int SHORT_ID = 16;
    private static final double THOUSAND = 1_000;

    private final MessageSource messages;
    private final Locale language;
    private final ZoneId zone;
    private final Instant now;

    public Show(MessageSource messages, Locale language, ZoneId zone, Instant now) {
        this.messages = messages;
        this.language = language;
        this.zone = zone;
        this.now = now;
    }

    /** An instant as values carry it; null when there is none. */
    public @Nullable Instant instant(@Nullable Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        try {
            return value == null ? null : Instant.parse(value.toString());
        } catch (DateTimeParseException e) {
            return null; // of another form, which is shown as it is
        }
    }

    /** How long ago it was, or in how long it will be, such as {@code 2 min ago}. */
    public String ago(@Nullable Object value) {
        var at = instant(value);
        if (at == null) {
            return UNKNOWN;
        }
        var since = Duration.between(at, now);
        if (since.abs().compareTo(Duration.ofSeconds(1)) < 0) {
            return text("time.now");
        }
        return since.isNegative() ? text("time.in", length(since.negated())) : text("time.ago", length(since));
    }

    /** How long ago it was, in whole minutes, where no more is known. */
    public String agoToTheMinute(@Nullable Object value) {
        var at = instant(value);
        if (at == null) {
            return UNKNOWN;
        }
        var minutes = Duration.between(at, now).toMinutes();
        return minutes < 1 ? text("time.thisMinute") : text("time.ago", length(Duration.ofMinutes(minutes)));
    }

    /** How long since then, such as {@code 4 min 12 s}. */
    public String since(@Nullable Object value) {
        var at = instant(value);
        return at == null ? UNKNOWN : duration(Duration.between(at, now));
    }

    /** Date, time and zone, for the title of a relative time. */
    public String exact(@Nullable Object value) {
        var at = instant(value);
        return at == null ? "" : EXACT.withZone(zone).format(at) + " " + zone.getId();
    }

    /** Date and time to the second. */
    public String date(@Nullable Object value) {
        var at = instant(value);
        return at == null ? UNKNOWN : EXACT.withZone(zone).format(at);
    }

    /** Weekday and date, such as {@code Mon 2026-11-30}. */
    public String day(@Nullable Object value) {
        var at = instant(value);
        return at == null
                ? UNKNOWN
                : WEEKDAY.withLocale(language).withZone(zone).format(at);
    }

    /** Weekday and day of the month, such as {@code Mon 30}, where the month is plain. */
    public String dayOfMonth(@Nullable Object value) {
        var at = instant(value);
        return at == null
                ? UNKNOWN
                : DAY_OF_MONTH.withLocale(language).withZone(zone).format(at);
    }

    /** Hour, minute and second. */
    public String time(@Nullable Object value) {
        var at = instant(value);
        return at == null ? UNKNOWN : CLOCK.withZone(zone).format(at);
    }

    /** Date and time as a field of a form takes them; empty for none. */
    public String field(@Nullable Object value) {
        var at = instant(value);
        return at == null ? "" : FIELD.withZone(zone).format(at);
    }

    /**
     * The same in another zone.
     *
     * @throws DateTimeException when there is no such zone
     */
    public Show in(String otherZone) {
        return new Show(messages, language, ZoneId.of(otherZone), now);
    }

    /** Hour, minute and second; with the day when it is not today. */
    public String clock(@Nullable Object value) {
        var at = instant(value);
        if (at == null) {
            return UNKNOWN;
        }
        return isToday(at)
                ? CLOCK.withZone(zone).format(at)
                : EXACT.withZone(zone).format(at);
    }

    /** As {@link #clock}, with milliseconds. */
    public String precise(@Nullable Object value) {
        var at = instant(value);
        if (at == null) {
            return UNKNOWN;
        }
        var time = PRECISE.withZone(zone).format(at);
        return isToday(at) ? time : DAY.withZone(zone).format(at) + " " + time;
    }

    /** To the minute, for the axis of a chart. */
    public String axis(@Nullable Object value) {
        var at = instant(value);
        if (at == null) {
            return "";
        }
        return isToday(at)
                ? DateTimeFormatter.ofPattern("HH:mm").withZone(zone).format(at)
                : MINUTE.withZone(zone).format(at);
    }

    private boolean isToday(Instant at) {
        return DAY.withZone(zone).format(at).equals(DAY.withZone(zone).format(now));
    }

    /** From one instant to another, such as {@code 2.1 s}. */
    public String between(@Nullable Object from, @Nullable Object to) {
        var begin = instant(from);
        var end = instant(to);
        return begin == null || end == null ? UNKNOWN : duration(Duration.between(begin, end));
    }

    /** Seconds as a length of time. */
    public String seconds(@Nullable Object value) {
        return value instanceof Number number
                ? duration(Duration.ofNanos((long) (number.doubleValue() * 1e9)))
                : UNKNOWN;
    }

    /** An ISO-8601 duration as a length of time. */
    public String iso(@Nullable Object value) {
        try {
            return value == null ? UNKNOWN : length(Duration.parse(value.toString()));
        } catch (DateTimeParseException e) {
            return value.toString(); // a period of days, which is plain enough
        }
    }

    /** A length of time, with milliseconds where it is short. */
    public String duration(Duration length) {
        var nanos = length.isNegative() ? 0 : length.toNanos();
        var millis = nanos / 1e6;
        if (millis < THOUSAND) {
            return number(millis < 1 && nanos > 0 ? 1 : Math.round(millis)) + "\u00a0ms";
        }
        if (length.toSeconds() < 60) {
            return String.format(language, "%.1f", Math.floor(millis / 100) / 10) + "\u00a0s";
        }
        return length(length);
    }

    /** A length of time in its two greatest units. */
    private static String length(Duration length) {
        if (length.toDays() > 0) {
            return two(length.toDays(), "d", length.toHoursPart(), "h");
        }
        if (length.toHours() > 0) {
            return two(length.toHours(), "h", length.toMinutesPart(), "min");
        }
        if (length.toMinutes() > 0) {
            return two(length.toMinutes(), "min", length.toSecondsPart(), "s");
        }
        return length.toSeconds() + "\u00a0s";
    }

    private static String two(long great, String unit, int small, String smaller) {
        return great + "\u00a0" + unit + (small == 0 ? "" : " " + small + "\u00a0" + smaller);
    }

    /** A number with the language's separators. */
    public String number(@Nullable Object value) {
        if (!(value instanceof Number number)) {
            return UNKNOWN;
        }
        var tenths = 10 * number.doubleValue();
        var isWhole = Math.rint(tenths) % 10 == 0; // as it is shown: 491.97 is 492, and not 492.0
        return String.format(language, isWhole ? "%,.0f" : "%,.1f", number.doubleValue());
    }

    /** A part of a whole as a percentage, such as {@code 0.07 %}. */
    public String percent(@Nullable Object part, @Nullable Object whole) {
        if (!(part instanceof Number some && whole instanceof Number all) || all.doubleValue() <= 0) {
            return UNKNOWN;
        }
        var percent = 100 * some.doubleValue() / all.doubleValue();
        return String.format(language, percent > 0 && percent < 1 ? "%.2f" : percent < 10 ? "%.1f" : "%.0f", percent)
                + "\u00a0%";
    }

    /** An id, shortened to its ends when it is long. */
    public String id(@Nullable Object value) {
        if (value == null) {
            return UNKNOWN;
        }
        var id = value.toString();
        return id.length() <= SHORT_ID ? id : id.substring(0, 8) + "…" + id.substring(id.length() - 4);
    }

    /** The simple name of an error's type. */
    public String type(@Nullable Object value) {
        var type = value == null ? "" : value.toString();
        return type.substring(type.lastIndexOf('.') + 1);
    }

    /** A value as JSON in one line. */
    public String json(@Nullable Object value) {
        return write(value, false);
    }

    /** A value as JSON in lines. */
    public String pretty(@Nullable Object value) {
        return write(value, true);
    }

    private static String write(@Nullable Object value, boolean inLines) {
        try {
            var writer = inLines ? TaskJson.MAPPER.writerWithDefaultPrettyPrinter() : TaskJson.MAPPER.writer();
            return writer.writeValueAsString(value);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("a value of a page must be JSON", e);
        }
    }

    /** The end of a text that is too long for its place. */
    public String cut(@Nullable Object value, int most) {
        var text = value == null ? "" : value.toString();
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }

    /** A message in the reader's language. */
    public String text(String key, @Nullable Object... values) {
        return messages.getMessage(key, values, language);
    }

    /** A message in the reader's language, or the key's last word when there is none, as for words of a newer version. */
    public String word(String prefix, @Nullable Object value) {
        var word = value == null ? "" : value.toString();
        var found = messages.getMessage(prefix + "." + word.toLowerCase(Locale.ROOT), null, word, language);
        return found == null ? word : found;
    }

    /** The time of the page. */
    public Instant now() {
        return now;
    }

    /** The reader's language. */
    Locale language() {
        return language;
    }

    /** The zone of the times on the page. */
    public ZoneId zone() {
        return zone;
    }
}

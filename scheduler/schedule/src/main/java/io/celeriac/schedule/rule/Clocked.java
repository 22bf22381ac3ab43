package io.celeriac.schedule.rule;

import io.celeriac.contract.TaskJson;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fires once, at an instant; never if that is before the anchor.
 *
 * @param at from 1970 to 9999; truncated to microseconds
 */
public record Clocked(Instant at) implements ScheduleRule {

    static final String KIND = "clocked";

    private static final String LIKE = "a date and time with its offset such as 2027-01-01T00:00:00Z";

    private static final DateTimeFormatter WORDS = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern(" HH:mm[:ss]")
            .appendFraction(ChronoField.MICRO_OF_SECOND, 0, 6, true)
            .toFormatter();

    private static final DateTimeFormatter WORDS_OF_MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    public Clocked {
        if (at.isBefore(Instant.EPOCH) || !at.isBefore(Timetable.LAST.plusNanos(1_000))) {
            throw new InvalidScheduleException("at", "must be from 1970 to 9999, but is " + at);
        }
        at = at.truncatedTo(ChronoUnit.MICROS);
    }

    static Clocked read(JsonNode spec) {
        var at = spec.path("at");
        if (at.isMissingNode() || at.isNull()) {
            throw new InvalidScheduleException("at", "is required: " + LIKE);
        }
        if (!at.isString()) {
            throw new InvalidScheduleException("at", "must be " + LIKE + ", but is " + at);
        }
        try {
            return new Clocked(OffsetDateTime.parse(at.asString()).toInstant());
        } catch (DateTimeException e) {
            throw new InvalidScheduleException("at", "must be " + LIKE + ", but is " + at);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ObjectNode spec() {
        return TaskJson.MAPPER.createObjectNode().put("at", at.toString());
    }

    @Override
    public String description() {
        var utc = at.atOffset(ZoneOffset.UTC);
        var words = utc.getSecond() == 0 && utc.getNano() == 0 ? WORDS_OF_MINUTES : WORDS;
        return "once at " + words.format(utc) + " UTC";
    }

    @Override
    public Timetable from(Instant anchor, ZoneId zone) {
        return new Once(at, anchor);
    }

    private record Once(Instant at, Instant anchor) implements Timetable {

        @Override
        public Optional<Instant> next(Instant after) {
            return at.isBefore(anchor) || !at.isAfter(after) ? Optional.empty() : Optional.of(at);
        }
    }
}

package io.celeriac.schedule.rule;

import io.celeriac.contract.TaskJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fires at a fixed distance, on a grid that starts at the anchor. Restarts and late firings do not shift the grid.
 *
 * @param every from 10 ms to 36,500 days, in whole milliseconds
 */
public record Interval(Duration every) implements ScheduleRule {

    static final String KIND = "interval";

    private static final Duration LEAST = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofDays(36_500);
    private static final String LIKE = "an ISO-8601 duration such as PT30S";

    public Interval {
        if (every.compareTo(LEAST) < 0 || every.compareTo(MOST) > 0) {
            throw new InvalidScheduleException("every", "must be from " + LEAST + " to " + MOST + ", but is " + every);
        }
        if (every.toNanosPart() % 1_000_000 != 0) {
            throw new InvalidScheduleException("every", "must be in whole milliseconds, but is " + every);
        }
    }

    static Interval read(JsonNode spec) {
        var every = spec.path("every");
        if (every.isMissingNode() || every.isNull()) {
            throw new InvalidScheduleException("every", "is required: " + LIKE);
        }
        if (!every.isString()) {
            throw new InvalidScheduleException("every", "must be " + LIKE + ", but is " + every);
        }
        try {
            return new Interval(Duration.parse(every.asString()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidScheduleException("every", "must be " + LIKE + ", but is " + every);
        }
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public ObjectNode spec() {
        return TaskJson.MAPPER.createObjectNode().put("every", every.toString());
    }

    @Override
    public String description() {
        var words = new ArrayList<String>();
        add(words, every.toDays(), "day");
        add(words, every.toHoursPart(), "hour");
        add(words, every.toMinutesPart(), "minute");
        add(words, every.toSecondsPart(), "second");
        add(words, every.toMillisPart(), "millisecond");
        var all = String.join(" ", words);
        return "every " + (all.startsWith("1 ") && words.size() == 1 ? all.substring(2) : all);
    }

    private static void add(ArrayList<String> words, long count, String unit) {
        if (count > 0) {
            words.add(count + " " + unit + (count == 1 ? "" : "s"));
        }
    }

    @Override
    public Timetable from(Instant anchor, ZoneId zone) {
        return new Grid(micros(anchor), every.toMillis() * 1_000);
    }

    @Override
    public Timetable backTo(Instant anchor, ZoneId zone, Instant earliest) {
        var step = every.toMillis() * 1_000;
        var steps = Math.max(0, Math.floorDiv(micros(anchor) - micros(earliest), step));
        return new Grid(micros(anchor) - steps * step, step);
    }

    /** Instants as microseconds of the epoch: with all of them between the years -9999 and 9999, nothing overflows. */
    private record Grid(long anchor, long step) implements Timetable {

        private static final long END = micros(LAST);

        @Override
        public Optional<Instant> next(Instant after) {
            var micros = micros(after);
            var next = micros < anchor ? anchor : anchor + (steps(micros) + 1) * step;
            return next > END ? Optional.empty() : Optional.of(Instant.EPOCH.plus(next, ChronoUnit.MICROS));
        }

        @Override
        public Instant last(Instant from, Instant until) {
            var last = Instant.EPOCH.plus(anchor + steps(micros(until)) * step, ChronoUnit.MICROS);
            return last.isBefore(from) ? from : last;
        }

        @Override
        public long count(Instant first, Instant last) {
            return (micros(last) - micros(first)) / step + 1;
        }

        private long steps(long micros) {
            return Math.floorDiv(micros - anchor, step);
        }
    }

    private static final Instant FIRST = Instant.parse("-9999-01-01T00:00:00Z");

    private static long micros(Instant instant) {
        var held = instant.isBefore(FIRST) ? FIRST : instant.isAfter(Timetable.LAST) ? Timetable.LAST : instant;
        return Math.addExact(Math.multiplyExact(held.getEpochSecond(), 1_000_000L), held.getNano() / 1_000);
    }
}

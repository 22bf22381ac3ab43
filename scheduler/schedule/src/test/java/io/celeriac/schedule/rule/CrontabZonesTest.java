package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.schedule.rule.CrontabOracle.Hours;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * All time zones and twenty years. What must hold: at no change of the clocks, anywhere, does a crontab fire otherwise than the
 * contract says; schedules run for years, and nobody looks at the night in which the clocks change.
 */
class CrontabZonesTest {

    private static final Instant BEGIN = Instant.parse("2007-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2028-01-01T00:00:00Z");

    /** What is this near may share a night. */
    private static final Duration NEAR = Duration.ofDays(5);

    /** A crontab, and the same in Java. */
    private record Rule(String expression, Hours hours, Predicate<LocalDateTime> matches) {}

    private static final List<Rule> BY_DAY = List.of(
            new Rule("0 0 * * *", Hours.NAMED, time -> time.getHour() == 0 && time.getMinute() == 0),
            new Rule("30 2 * * *", Hours.NAMED, time -> time.getHour() == 2 && time.getMinute() == 30),
            new Rule(
                    "5,35 0-4 * * *",
                    Hours.NAMED,
                    time -> time.getHour() <= 4 && (time.getMinute() == 5 || time.getMinute() == 35)),
            new Rule(
                    "45 23-1 * * sun",
                    Hours.NAMED,
                    time -> (time.getHour() == 23 || time.getHour() <= 1)
                            && time.getMinute() == 45
                            && time.getDayOfWeek() == DayOfWeek.SUNDAY),
            new Rule(
                    "15 1,2,3 L * *",
                    Hours.NAMED,
                    time -> time.getHour() >= 1
                            && time.getHour() <= 3
                            && time.getMinute() == 15
                            && time.getDayOfMonth() == time.toLocalDate().lengthOfMonth()),
            new Rule("0 */12 * * *", Hours.STEPPED, time -> time.getHour() % 12 == 0 && time.getMinute() == 0),
            new Rule(
                    "*/30 */3,1 * * *",
                    Hours.STEPPED,
                    time -> (time.getHour() % 3 == 0 || time.getHour() == 1) && time.getMinute() % 30 == 0));

    private static final List<Rule> BY_MINUTE = List.of(
            new Rule("* * * * *", Hours.ALL, time -> true),
            new Rule("30 * * * *", Hours.ALL, time -> time.getMinute() == 30),
            new Rule("*/20 */1 * * *", Hours.ALL, time -> time.getMinute() % 20 == 0),
            new Rule("* 0-23 * * *", Hours.NAMED, time -> true),
            new Rule(
                    "*/2 0-3,22-23 * * *",
                    Hours.NAMED,
                    time -> (time.getHour() <= 3 || time.getHour() >= 22) && time.getMinute() % 2 == 0),
            new Rule("*/3 0-23/2 * * *", Hours.STEPPED, time -> time.getHour() % 2 == 0 && time.getMinute() % 3 == 0));

    private static final List<Rule> BY_SECOND = List.of(
            new Rule("*/20 */15 * * * *", Hours.ALL, time -> time.getSecond() % 20 == 0 && time.getMinute() % 15 == 0),
            new Rule(
                    "10,50 29 0-5 * * *",
                    Hours.NAMED,
                    time -> (time.getSecond() == 10 || time.getSecond() == 50)
                            && time.getMinute() == 29
                            && time.getHour() <= 5));

    @Test
    void firesAtEachChangeOfTheClocksAsTheContractSays() {
        var changes = changes();

        assertThat(changes.size()).isGreaterThan(1_000);
        changes.forEach((near, zone) -> {
            check(zone, near.get(0), 30, 60, BY_DAY);
            check(zone, near.get(0), 5, 60, BY_MINUTE);
            check(zone, near.get(0), 3, 10, BY_SECOND);
        });
    }

    /**
     * Each change, with those of the next days, if any. Where the clocks of several zones are moved in the same way, one stands
     * for all.
     */
    private static Map<List<ZoneOffsetTransition>, ZoneId> changes() {
        var changes = new HashMap<List<ZoneOffsetTransition>, ZoneId>();
        for (var zone : zones()) {
            for (var change : after(zone, BEGIN, END)) {
                var soon = after(zone, change.getInstant(), change.getInstant().plus(NEAR));
                changes.putIfAbsent(
                        Stream.concat(Stream.of(change), soon.stream()).toList(), zone);
            }
        }
        return changes;
    }

    private static List<ZoneOffsetTransition> after(ZoneId zone, Instant after, Instant until) {
        var rules = zone.getRules();
        return Stream.iterate(
                        rules.nextTransition(after),
                        change -> change != null && change.getInstant().isBefore(until),
                        change -> rules.nextTransition(change.getInstant()))
                .toList();
    }

    /** Of zones that always had the same clocks, one. */
    private static Collection<ZoneId> zones() {
        return ZoneId.getAvailableZoneIds().stream()
                .sorted()
                .map(ZoneId::of)
                .collect(Collectors.toMap(ZoneId::getRules, Function.identity(), (one, other) -> one))
                .values();
    }

    private static void check(ZoneId zone, ZoneOffsetTransition change, int hours, int step, List<Rule> all) {
        var around = hours * 3_600L + change.getDuration().abs().toSeconds();
        var from = change.toEpochSecond() - around;
        var until = change.toEpochSecond() + around;
        var oracle = new CrontabOracle(zone.getRules(), from, until, step);
        for (var rule : all) {
            var expected = oracle.fires(rule.matches, rule.hours);
            var table = Crontab.parse(rule.expression).from(Instant.EPOCH, zone);
            var fires = walk(table, Instant.ofEpochSecond(from - 1), Instant.ofEpochSecond(until));
            if (!fires.equals(expected)) {
                assertThat(fires)
                        .as("%s in %s at %s", rule.expression, zone, change)
                        .isEqualTo(expected);
            }
            checkBack(table, expected, Instant.ofEpochSecond(until), rule.expression + " in " + zone + " at " + change);
        }
    }

    /** Looks back, and counts, from about ten places. */
    private static void checkBack(Timetable table, List<Instant> fires, Instant until, String what) {
        var stride = Math.max(1, fires.size() / 10);
        for (var i = 0; i < fires.size(); i += stride) {
            var first = fires.get(i / 2);
            var before = i + 1 < fires.size() ? fires.get(i + 1).minusNanos(1_000) : until;
            if (!table.last(first, before).equals(fires.get(i))
                    || !table.last(first, fires.get(i)).equals(fires.get(i))) {
                assertThat(table.last(first, before)).as(what).isEqualTo(fires.get(i));
                assertThat(table.last(first, fires.get(i))).as(what).isEqualTo(fires.get(i));
            }
            assertThat(table.count(first, fires.get(i))).as(what).isEqualTo(i - i / 2 + 1L);
        }
    }

    @Test
    void firesOnceADayInEveryZoneForTwentyYears() {
        var zones = zones();

        assertThat(zones.size()).isGreaterThan(200);
        for (var time : List.of(LocalTime.of(0, 0), LocalTime.of(2, 30))) {
            var crontab = Crontab.parse(time.getMinute() + " " + time.getHour() + " * * *");
            for (var zone : zones) {
                var table = crontab.from(Instant.EPOCH, zone);
                var expected = days().map(day -> instant(zone.getRules(), day.atTime(time)))
                        .distinct()
                        .toList();
                var last = expected.get(expected.size() - 1);

                assertThat(walk(table, expected.get(0).minusNanos(1), last)).isEqualTo(expected);
                assertThat(table.count(expected.get(0), last)).isEqualTo(expected.size());
                assertThat(table.last(expected.get(0), last.plusSeconds(60))).isEqualTo(last);
            }
        }
    }

    private static Stream<LocalDate> days() {
        return LocalDate.of(2007, 1, 1).datesUntil(LocalDate.of(2028, 1, 1));
    }

    private static Instant instant(ZoneRules rules, LocalDateTime time) {
        var offsets = rules.getValidOffsets(time);
        return offsets.isEmpty() ? rules.getTransition(time).getInstant() : time.toInstant(offsets.get(0));
    }

    private static List<Instant> walk(Timetable table, Instant after, Instant until) {
        var fires = new ArrayList<Instant>();
        for (var next = table.next(after);
                next.isPresent() && !next.get().isAfter(until);
                next = table.next(next.get())) {
            fires.add(next.get());
        }
        return fires;
    }
}

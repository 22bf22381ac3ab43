package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.rule.CrontabOracle.Hours;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CrontabPropertiesTest {

    private static final Instant Y2000 = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant Y2100 = Instant.parse("2100-01-01T00:00:00Z");
    private static final int DAY = 86_400;

    /** The text of a field, and what it means to say. */
    private record Field<T>(String text, Predicate<T> matches) {

        static <T> Field<T> list(List<Field<T>> pieces) {
            return new Field<>(
                    pieces.stream().map(Field::text).collect(Collectors.joining(",")),
                    value -> pieces.stream().anyMatch(piece -> piece.matches.test(value)));
        }
    }

    @Property(tries = 300)
    void walksAsRealTimeDoes(
            @ForAll("zones") ZoneId zone,
            @ForAll("instants") Instant instant,
            @ForAll("minutes") Field<Integer> minute,
            @ForAll("hours") Field<Integer> hour,
            @ForAll("weekdays") Field<LocalDate> weekday,
            @ForAll @IntRange(max = DAY) int before) {
        var change = Optional.ofNullable(zone.getRules().nextTransition(instant))
                .map(next -> next.getInstant())
                .orElse(instant);
        var from = Math.floorDiv(change.getEpochSecond() - before, 60) * 60;
        var until = from + 2 * DAY;
        var table = Crontab.of(minute.text, hour.text, "*", "*", weekday.text).from(Instant.EPOCH, zone);

        var expected = new CrontabOracle(zone.getRules(), from, until, 60)
                .fires(time -> matches(time, minute, hour, weekday), hours(hour.text));

        assertThat(walk(table, Instant.ofEpochSecond(from).minusNanos(1), Instant.ofEpochSecond(until)))
                .isEqualTo(expected);
    }

    private static boolean matches(
            LocalDateTime time, Field<Integer> minute, Field<Integer> hour, Field<LocalDate> weekday) {
        return minute.matches.test(time.getMinute())
                && hour.matches.test(time.getHour())
                && weekday.matches.test(time.toLocalDate());
    }

    private static Hours hours(String text) {
        if (Arrays.stream(text.split(",", -1)).anyMatch(piece -> piece.equals("*") || piece.equals("*/1"))) {
            return Hours.ALL;
        }
        return text.contains("/") ? Hours.STEPPED : Hours.NAMED;
    }

    @Property(tries = 2_000)
    void findsDaysAsTheCalendarDoes(
            @ForAll("monthDays") Field<LocalDate> monthDay,
            @ForAll("months") Field<Integer> month,
            @ForAll("weekdays") Field<LocalDate> weekday,
            @ForAll("instants") Instant after) {
        var expression = "0 0 " + monthDay.text + " " + month.text + " " + weekday.text;
        Predicate<LocalDate> matches = date ->
                month.matches.test(date.getMonthValue()) && monthDay.matches.test(date) && weekday.matches.test(date);
        var tomorrow = LocalDate.ofInstant(after, ZoneOffset.UTC).plusDays(1);
        Timetable table;
        try {
            table = Crontab.parse(expression).from(Instant.EPOCH, ZoneOffset.UTC);
        } catch (InvalidScheduleException e) { // no such day: there are none, not even a leap day around 2100
            assertThat(tomorrow.datesUntil(tomorrow.plusYears(41)).noneMatch(matches))
                    .isTrue();
            return;
        }

        var expected = tomorrow.datesUntil(tomorrow.plusYears(8))
                .filter(matches)
                .limit(10)
                .map(date -> date.atStartOfDay().toInstant(ZoneOffset.UTC))
                .toList();

        if (expected.isEmpty()) {
            assertThat(table.next(after).orElse(Instant.MAX)).isAfter(after.plus(8 * 365, ChronoUnit.DAYS));
            return;
        }
        var last = expected.get(expected.size() - 1);
        assertThat(walk(table, after, last)).isEqualTo(expected);
        assertThat(table.last(expected.get(0), last.plusSeconds(DAY - 1))).isEqualTo(last);
        assertThat(table.count(expected.get(0), last)).isEqualTo(expected.size());
    }

    @Property(tries = 500)
    void lastAndCountAgreeWithWalking(
            @ForAll("zones") ZoneId zone,
            @ForAll("instants") Instant anchor,
            @ForAll("minutes") Field<Integer> minute,
            @ForAll("hours") Field<Integer> hour,
            @ForAll("monthDays") Field<LocalDate> monthDay,
            @ForAll @IntRange(max = 300) int steps,
            @ForAll @IntRange(max = 999) int more) {
        var table = Crontab.parse("0,59 " + minute.text + " " + hour.text + " " + monthDay.text + " * *")
                .from(anchor, zone);
        var first = table.next(anchor).orElseThrow();
        var walked = first;
        for (var step = 0; step < steps; step++) {
            walked = table.next(walked).orElseThrow();
        }
        var gap = ChronoUnit.MICROS.between(walked, table.next(walked).orElseThrow());

        assertThat(table.last(first, walked.plus(gap * more / 1_000, ChronoUnit.MICROS)))
                .isEqualTo(walked);
        assertThat(table.count(first, walked)).isEqualTo(steps + 1);
    }

    @Property(tries = 1_000)
    void laterQuestionsGetNoEarlierAnswers(
            @ForAll("zones") ZoneId zone,
            @ForAll("hours") Field<Integer> hour,
            @ForAll("monthDays") Field<LocalDate> monthDay,
            @ForAll("allInstants") Instant one,
            @ForAll("allInstants") Instant other) {
        var table = Crontab.of("30", hour.text, monthDay.text, "*", "*").from(Instant.EPOCH, zone);
        var early = one.isBefore(other) ? one : other;
        var late = one.isBefore(other) ? other : one;
        var next = table.next(late).orElse(Instant.MAX);

        assertThat(next).isAfterOrEqualTo(table.next(early).orElse(Instant.MAX));
        assertThat(next.isAfter(late) || next.equals(Instant.MAX)).isTrue();
        assertThat(next.equals(Instant.MAX) || !next.isAfter(Timetable.LAST)).isTrue();
    }

    @Property(tries = 500)
    void readsWhatItWroteAndHasWordsForIt(
            @ForAll("minutes") Field<Integer> minute,
            @ForAll("hours") Field<Integer> hour,
            @ForAll("monthDays") Field<LocalDate> monthDay,
            @ForAll("weekdays") Field<LocalDate> weekday) {
        var five = Crontab.of(minute.text, hour.text, monthDay.text, "*", "*");
        var expression = Crontab.parse(minute.text + " " + hour.text + " * * " + weekday.text);

        for (var crontab : List.of(five, expression)) {
            assertThat(ScheduleRule.read("crontab", crontab.spec())).isEqualTo(crontab);
            assertThat(TaskJson.MAPPER.writeValueAsString(crontab.spec()).length())
                    .isLessThanOrEqualTo(1_000);
            assertThat(crontab.description()).matches("(at|every) .*[a-z0-9]").doesNotContain("  ");
        }
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList())
                .map(ZoneId::of);
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.longs()
                .between(Y2000.getEpochSecond(), Y2100.getEpochSecond())
                .map(Instant::ofEpochSecond);
    }

    @Provide
    Arbitrary<Instant> allInstants() {
        return Arbitraries.oneOf(
                instants().map(instant -> instant.plusNanos(999)),
                Arbitraries.longs()
                        .between(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond())
                        .map(Instant::ofEpochSecond));
    }

    @Provide
    Arbitrary<Field<Integer>> minutes() {
        return numbers(0, 59).list().ofMinSize(1).ofMaxSize(3).map(Field::list);
    }

    @Provide
    Arbitrary<Field<Integer>> hours() {
        return numbers(0, 23).list().ofMinSize(1).ofMaxSize(2).map(Field::list);
    }

    @Provide
    Arbitrary<Field<Integer>> months() {
        return numbers(1, 12).list().ofMinSize(1).ofMaxSize(2).map(Field::list);
    }

    @Provide
    Arbitrary<Field<LocalDate>> monthDays() {
        return Arbitraries.oneOf(
                        of(numbers(1, 31), LocalDate::getDayOfMonth),
                        Arbitraries.just(day("L", date -> date.equals(last(date)))),
                        Arbitraries.integers()
                                .between(1, 26)
                                .map(n -> day("L-" + n, date -> date.plusDays(n).equals(last(date)))),
                        Arbitraries.just(day("LW", date -> isNearest(date, last(date)))),
                        Arbitraries.integers()
                                .between(1, 31)
                                .map(n -> day(
                                        n + "W",
                                        date -> date.lengthOfMonth() >= n && isNearest(date, date.withDayOfMonth(n)))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(Field::list);
    }

    private static Field<LocalDate> day(String text, Predicate<LocalDate> matches) {
        return new Field<>(text, matches);
    }

    private static LocalDate last(LocalDate date) {
        return date.with(TemporalAdjusters.lastDayOfMonth());
    }

    /** Whether a date is the one of its month's weekdays that is nearest to a day; of two as near there never are any. */
    private static boolean isNearest(LocalDate date, LocalDate day) {
        if (Math.abs(ChronoUnit.DAYS.between(date, day)) > 2) {
            return false;
        }
        return day.withDayOfMonth(1)
                .datesUntil(last(day).plusDays(1))
                .filter(each -> each.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) < 0)
                .min((one, other) -> Long.compare(
                        Math.abs(ChronoUnit.DAYS.between(one, day)), Math.abs(ChronoUnit.DAYS.between(other, day))))
                .filter(date::equals)
                .isPresent();
    }

    @Provide
    Arbitrary<Field<LocalDate>> weekdays() {
        var weekday = Arbitraries.of(DayOfWeek.class);
        return Arbitraries.oneOf(
                        of(numbers(0, 6), date -> date.getDayOfWeek().getValue() % 7),
                        weekday.map(day -> day(name(day), date -> date.getDayOfWeek() == day)),
                        weekday.map(day -> day(String.valueOf(day.getValue()), date -> date.getDayOfWeek() == day)),
                        weekday.map(day -> day(
                                name(day) + "L", date -> date.equals(date.with(TemporalAdjusters.lastInMonth(day))))),
                        Combinators.combine(weekday, Arbitraries.integers().between(1, 5))
                                .as((day, n) -> day(
                                        day.getValue() + "#" + n,
                                        date -> date.getDayOfWeek() == day && (date.getDayOfMonth() - 1) / 7 == n - 1)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(Field::list);
    }

    private static String name(DayOfWeek day) {
        return day.name().substring(0, 3);
    }

    private static Arbitrary<Field<LocalDate>> of(
            Arbitrary<Field<Integer>> numbers, Function<LocalDate, Integer> value) {
        return numbers.map(field -> day(field.text, date -> field.matches.test(value.apply(date))));
    }

    private static Arbitrary<Field<Integer>> numbers(int least, int most) {
        var number = Arbitraries.integers().between(least, most);
        var step = Arbitraries.integers().between(1, 12);
        return Arbitraries.oneOf(
                Arbitraries.just(new Field<>("*", value -> true)),
                number.map(n -> new Field<>(String.valueOf(n), n::equals)),
                step.map(n -> new Field<>("*/" + n, value -> (value - least) % n == 0)),
                Combinators.combine(number, number).as((from, to) -> range(from + "-" + to, from, to, 1, least, most)),
                Combinators.combine(number, number, step)
                        .as((from, to, n) -> range(from + "-" + to + "/" + n, from, to, n, least, most)));
    }

    private static Field<Integer> range(String text, int from, int to, int step, int least, int most) {
        var values = new HashSet<Integer>();
        var value = from;
        for (var i = 0; ; i++) {
            if (i % step == 0) {
                values.add(value);
            }
            if (value == to) {
                return new Field<>(text, values::contains);
            }
            value = value == most ? least : value + 1;
        }
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

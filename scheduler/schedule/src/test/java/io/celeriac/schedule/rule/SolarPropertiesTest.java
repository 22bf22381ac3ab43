package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.schedule.rule.Solar.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SolarPropertiesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration TWO_DAYS = Duration.ofDays(2);
    private static final Instant END = START.plus(Duration.ofDays(20 * 365));

    @Property(tries = 20)
    void comesAboutOnceADayForTwentyYears(
            @ForAll Event event, @ForAll("latitudes") double latitude, @ForAll("longitudes") double longitude) {
        var all = enumerate(new Solar(event, latitude, longitude).from(START, ZoneOffset.UTC), START, END);

        for (var each = 1; each < all.size(); each++) {
            var gap = Duration.between(all.get(each - 1), all.get(each));
            if (event == Event.SOLAR_NOON) {
                assertThat(gap).isBetween(Duration.ofSeconds(86_370), Duration.ofSeconds(86_431));
            } else if (Math.abs(latitude) < 45) { // where each event is there all the year, even astronomical dawn
                assertThat(gap.minusDays(1).abs()).isLessThan(Duration.ofMinutes(6));
            } else if (Math.abs(latitude) < 85) { // the sun's height in the night changes little in a day
                assertThat(gap.minusDays(wholeDays(gap)).abs()).isLessThan(Duration.ofHours(6));
            }
        }
    }

    private static long wholeDays(Duration gap) {
        return Math.round(gap.toSeconds() / 86_400.0);
    }

    @Property(tries = 20)
    void comesAboutAtMostOnceASolarDayAndNeverBackwards(
            @ForAll Event event, @ForAll("latitudes") double latitude, @ForAll("longitudes") double longitude) {
        var solar = new Solar(event, latitude, longitude);
        var noon = new Solar(Event.SOLAR_NOON, latitude, longitude);
        var noons =
                enumerate(noon.from(START.minus(TWO_DAYS), ZoneOffset.UTC), START.minus(TWO_DAYS), END.plus(TWO_DAYS));
        var all = enumerate(solar.from(START, ZoneOffset.UTC), START, END);

        assertThat(all).hasSizeGreaterThanOrEqualTo(19).isSorted().doesNotHaveDuplicates();
        var day = 0;
        var counted = -1;
        for (var instant : all) {
            while (day < noons.size() - 1 && !instant.isBefore(midnight(noons, day))) {
                day++;
            }
            assertThat(day).as("day of %s", instant).isGreaterThan(counted);
            counted = day;
        }
    }

    private static Instant midnight(List<Instant> noons, int day) {
        var half = Math.floorDiv(
                noons.get(day).getEpochSecond() + noons.get(day + 1).getEpochSecond(), 2L);
        return Instant.ofEpochSecond(half);
    }

    @Property(tries = 200)
    void agreesWithItsEnumerationFromWhereverOneAsks(
            @ForAll Event event,
            @ForAll("latitudes") double latitude,
            @ForAll("longitudes") double longitude,
            @ForAll("instants") Instant asked) {
        var table = new Solar(event, latitude, longitude).from(START, ZoneOffset.UTC);
        var next = table.next(asked).orElseThrow();
        var after = table.next(next).orElseThrow();

        assertThat(next).isAfter(asked);
        assertThat(after).isAfter(next);
        assertThat(table.next(next.minusNanos(1))).contains(next);
        assertThat(table.next(next.plusSeconds(1))).contains(after);
        assertThat(table.next(middle(next, after))).contains(after);
        assertThat(table.next(middle(asked, next))).contains(next);
        assertThat(table.last(next, after.minusNanos(1_000))).isEqualTo(next);
        assertThat(table.last(next, after)).isEqualTo(after);
        assertThat(table.last(next, next)).isEqualTo(next);
        assertThat(table.count(next, after)).isEqualTo(2);
        assertThat(new Solar(event, latitude, longitude)
                        .from(next, ZoneOffset.UTC)
                        .next(asked))
                .contains(next);
    }

    private static Instant middle(Instant one, Instant other) {
        return one.plus(Duration.between(one, other).dividedBy(2));
    }

    private static List<Instant> enumerate(Timetable table, Instant from, Instant until) {
        var all = new ArrayList<Instant>();
        for (var next = table.next(from); next.filter(until::isAfter).isPresent(); next = table.next(next.get())) {
            all.add(next.get());
        }
        return all;
    }

    @Provide
    Arbitrary<Double> latitudes() {
        return Arbitraries.oneOf(
                Arbitraries.doubles().between(-90, 90),
                Arbitraries.doubles().between(65, 90),
                Arbitraries.doubles().between(-90, -65),
                Arbitraries.of(-90.0, -89.9, -66.56, -48.5, 0.0, 48.5, 60.6, 65.73, 66.56, 67.4, 89.9, 90.0));
    }

    @Provide
    Arbitrary<Double> longitudes() {
        return Arbitraries.oneOf(Arbitraries.doubles().between(-180, 180), Arbitraries.of(-180.0, 0.0, 180.0));
    }

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.longs()
                .between(START.getEpochSecond() * 1_000, END.getEpochSecond() * 1_000)
                .map(Instant::ofEpochMilli);
    }
}

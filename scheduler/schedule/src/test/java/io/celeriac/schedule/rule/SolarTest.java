package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.rule.Solar.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class SolarTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** An independent reckoning: see the head of the file. */
    @ParameterizedTest
    @CsvFileSource(resources = "/solar/pyephem.csv", useHeadersInDisplayName = true)
    void agreesWithAnotherReckoning(
            String place, double latitude, double longitude, LocalDate day, String event, Instant instant) {
        var table = table(Event.of(event), latitude, longitude);
        var meanNoon = day.atTime(12, 0).toInstant(ZoneOffset.UTC).minusSeconds(Math.round(longitude * 240));

        if (instant == null) {
            assertThat(table.next(meanNoon.minus(Duration.ofHours(11))))
                    .hasValueSatisfying(next -> assertThat(next).isAfter(meanNoon.plus(Duration.ofHours(11))));
        } else {
            assertThat(table.next(instant.minus(Duration.ofMinutes(10))))
                    .hasValueSatisfying(next -> assertThat(next).isCloseTo(instant, within(2, ChronoUnit.MINUTES)));
        }
    }

    @Test
    void passesOverThePolarDayAndThePolarNight() {
        var sunsets = table(Event.SUNSET, 78.22, 15.63); // Longyearbyen

        assertThat(days(sunsets, "2026-04-16T12:00:00Z").limit(4))
                .extracting(LocalDate::toString)
                .containsExactly("2026-04-16", "2026-04-17", "2026-08-24", "2026-08-25");
        assertThat(days(sunsets, "2026-10-25T00:00:00Z").limit(4))
                .extracting(LocalDate::toString)
                .containsExactly("2026-10-25", "2026-10-26", "2027-02-16", "2027-02-17");
    }

    @Test
    void seesOneSunriseAYearFromThePoles() {
        for (var longitude : new double[] {0, 180, -180, 77.7}) {
            assertThat(days(table(Event.SUNRISE, 90, longitude), "2026-01-01T00:00:00Z")
                            .limit(3))
                    .allSatisfy(day -> assertThat(day)
                            .isBetween(
                                    day.withMonth(3).withDayOfMonth(17),
                                    day.withMonth(3).withDayOfMonth(20)))
                    .extracting(LocalDate::getYear)
                    .containsExactly(2026, 2027, 2028);
            assertThat(days(table(Event.SUNRISE, -90, longitude), "2026-01-01T00:00:00Z")
                            .limit(3))
                    .allSatisfy(day -> assertThat(day)
                            .isBetween(
                                    day.withMonth(9).withDayOfMonth(19),
                                    day.withMonth(9).withDayOfMonth(22)))
                    .extracting(LocalDate::getYear)
                    .containsExactly(2026, 2027, 2028);
        }
    }

    /** Noon is the meridian's, not when the sun is highest, which near a pole is another time. */
    @Test
    void hasItsNoonEveryDayWhereverItIs() {
        for (var latitude : new double[] {-90, -89.9, 0, 60, 90}) {
            assertThat(table(Event.SOLAR_NOON, latitude, 15).next(Instant.parse("2026-03-20T00:00:00Z")))
                    .hasValueSatisfying(next -> assertThat(next)
                            .isCloseTo(Instant.parse("2026-03-20T11:07:30Z"), within(30, ChronoUnit.SECONDS)));
        }
    }

    @Test
    void doesNotCareOnWhichSideOfTheDateLineAPlaceIsCounted() {
        for (var event : Event.values()) {
            var east = table(event, -16.8, 180);
            var west = table(event, -16.8, -180);

            assertThat(instants(east, START).limit(50))
                    .containsExactlyElementsOf(instants(west, START).limit(50).toList());
        }
    }

    @Test
    void isFoundFromWhereverOneLooks() {
        var table = table(Event.SUNSET, 52.5, 13.4);
        var sunset = table.next(Instant.parse("2026-06-21T12:00:00Z")).orElseThrow();

        for (var ahead = Duration.ofHours(23); !ahead.isZero(); ahead = ahead.minusMinutes(20)) {
            assertThat(table.next(sunset.minus(ahead))).contains(sunset);
        }
        assertThat(table.next(sunset.minusNanos(1))).contains(sunset);
        assertThat(table.next(sunset))
                .hasValueSatisfying(next ->
                        assertThat(next).isCloseTo(sunset.plus(Duration.ofDays(1)), within(2, ChronoUnit.MINUTES)));
    }

    @Test
    void doesNotGoByTheZone() {
        var solar = new Solar(Event.SUNRISE, 52.5, 13.4);

        assertThat(instants(solar.from(START, ZoneId.of("Pacific/Apia")), START).limit(100))
                .containsExactlyElementsOf(instants(solar.from(START, ZoneOffset.UTC), START)
                        .limit(100)
                        .toList());
    }

    @Test
    void beginsWithItsAnchorAndEndsWithTheYears() {
        var solar = new Solar(Event.SOLAR_NOON, 0, 0);
        var noon = solar.from(START, ZoneOffset.UTC).next(START).orElseThrow();

        assertThat(solar.from(noon, ZoneOffset.UTC).next(Instant.MIN)).contains(noon);
        assertThat(solar.from(noon.plusNanos(1), ZoneOffset.UTC).next(Instant.MIN))
                .hasValueSatisfying(next -> assertThat(next).isAfter(noon.plusSeconds(80_000)));
        assertThat(solar.from(Instant.MIN, ZoneOffset.UTC).next(Instant.MIN))
                .hasValueSatisfying(
                        next -> assertThat(next).isBetween(Instant.EPOCH, Instant.EPOCH.plusSeconds(90_000)));
        assertThat(solar.from(START, ZoneOffset.UTC).next(Timetable.LAST)).isEmpty();
        assertThat(solar.from(START, ZoneOffset.UTC).next(Instant.MAX)).isEmpty();
        assertThat(solar.from(Instant.MAX, ZoneOffset.UTC).next(START)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SUNSET | 52.5 | 13.4 | at sunset at 52.5° N, 13.4° E",
                "SOLAR_NOON | -33.870001 | -70 | at solar noon at 33.870001° S, 70° W",
                "DAWN_ASTRONOMICAL | -0.0 | -0.0 | at astronomical dawn at 0° N, 0° E",
                "DUSK_CIVIL | 0.0000001 | 180 | at civil dusk at 0.0000001° N, 180° E",
            })
    void saysItInWords(Event event, double latitude, double longitude, String words) {
        assertThat(new Solar(event, latitude, longitude).description()).isEqualTo(words);
    }

    @Test
    void readsWhatItWrote() {
        for (var event : Event.values()) {
            var rule = new Solar(event, -33.870001, 151.21);

            assertThat(ScheduleRule.read(rule.kind(), rule.spec())).isEqualTo(rule);
        }
        assertThat(new Solar(Event.SUNSET, 52.5, 13.4).spec())
                .hasToString("{\"solar\":{\"event\":\"sunset\",\"latitude\":52.5,\"longitude\":13.4}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | solar is required: an object with event, latitude and longitude",
                "{\"solar\":\"sunset\"} | solar must be an object with event, latitude and longitude, but is \"sunset\"",
                "{\"solar\":{\"latitude\":1,\"longitude\":1}} | solar.event is required: one of [dawn_astronomical, dawn_nautical, dawn_civil, sunrise, solar_noon, sunset, dusk_civil, dusk_nautical, dusk_astronomical]",
                "{\"solar\":{\"event\":\"Sunset\",\"latitude\":1,\"longitude\":1}} | solar.event must be one of [dawn_astronomical, dawn_nautical, dawn_civil, sunrise, solar_noon, sunset, dusk_civil, dusk_nautical, dusk_astronomical], but is \"Sunset\"",
                "{\"solar\":{\"event\":\"sunset\",\"longitude\":1}} | solar.latitude is required: degrees",
                "{\"solar\":{\"event\":\"sunset\",\"latitude\":\"1\",\"longitude\":1}} | solar.latitude must be a number of degrees, but is \"1\"",
                "{\"solar\":{\"event\":\"sunset\",\"latitude\":90.01,\"longitude\":1}} | solar.latitude must be from -90 to 90, but is 90.01",
                "{\"solar\":{\"event\":\"sunset\",\"latitude\":1,\"longitude\":-1e999}} | solar.longitude must be a number of degrees, but is -1E+999",
                "{\"solar\":{\"event\":\"sunset\",\"latitude\":1,\"longitude\":1,\"height\":9}} | solar.height is not known here",
            })
    void saysWhatIsWrong(String spec, String message) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> ScheduleRule.read("solar", TaskJson.MAPPER.readTree(spec)))
                .withMessage(message);
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> new Solar(Event.SUNSET, Double.NaN, 0))
                .withMessage("solar.latitude must be from -90 to 90, but is NaN");
    }

    private static Timetable table(Event event, double latitude, double longitude) {
        return new Solar(event, latitude, longitude).from(START, ZoneOffset.UTC);
    }

    private static Stream<LocalDate> days(Timetable table, String after) {
        return instants(table, Instant.parse(after))
                .map(instant -> instant.atOffset(ZoneOffset.UTC).toLocalDate());
    }

    private static Stream<Instant> instants(Timetable table, Instant after) {
        return Stream.iterate(table.next(after), Optional::isPresent, next -> next.flatMap(table::next))
                .flatMap(Optional::stream);
    }
}

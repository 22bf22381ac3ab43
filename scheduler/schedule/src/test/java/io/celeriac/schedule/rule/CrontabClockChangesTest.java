package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One night of each kind in which clocks were moved. */
class CrontabClockChangesTest {

    /** 02:00 to 03:00 on 30 March. */
    @Test
    void makesUpForWhatIsMissingInSpring() {
        var zone = "Europe/Berlin";
        var day = "2025-03-30";

        assertThat(fires("30 2 * * *", zone, "2025-03-29", "2025-03-31"))
                .containsExactly("2025-03-29T02:30+01:00", "2025-03-30T03:00+02:00", "2025-03-31T02:30+02:00");
        assertThat(fires("0,15,30 2 * * *", zone, day, day)).containsExactly("2025-03-30T03:00+02:00");
        assertThat(fires("0,30 2-3 * * *", zone, day, day))
                .containsExactly("2025-03-30T03:00+02:00", "2025-03-30T03:30+02:00");
        assertThat(fires("59 1,2 * * *", zone, day, day))
                .containsExactly("2025-03-30T01:59+01:00", "2025-03-30T03:00+02:00");
        assertThat(fires("0 */2 * * *", zone, day, day).subList(0, 3))
                .containsExactly("2025-03-30T00:00+01:00", "2025-03-30T03:00+02:00", "2025-03-30T04:00+02:00");
        assertThat(fires("30 */1 * * *", zone, day, day).subList(0, 3))
                .containsExactly("2025-03-30T00:30+01:00", "2025-03-30T01:30+01:00", "2025-03-30T03:30+02:00");
        assertThat(fires("30 * * * *", zone, day, day).subList(0, 3))
                .containsExactly("2025-03-30T00:30+01:00", "2025-03-30T01:30+01:00", "2025-03-30T03:30+02:00");
        assertThat(fires("30 0-23 * * *", zone, day, day).subList(1, 4))
                .containsExactly("2025-03-30T01:30+01:00", "2025-03-30T03:00+02:00", "2025-03-30T03:30+02:00");
        assertThat(fires("10,20 30 2 * * *", zone, day, day)).containsExactly("2025-03-30T03:00+02:00");
    }

    /** 02:00 to 01:00 on 2 November. */
    @Test
    void firesOnceForWhatComesTwiceInAutumn() {
        var zone = "America/New_York";
        var day = "2025-11-02";

        assertThat(fires("30 1 * * *", zone, "2025-11-01", "2025-11-03"))
                .containsExactly("2025-11-01T01:30-04:00", "2025-11-02T01:30-04:00", "2025-11-03T01:30-05:00");
        assertThat(fires("0,30 1-2 * * *", zone, day, day))
                .containsExactly(
                        "2025-11-02T01:00-04:00",
                        "2025-11-02T01:30-04:00",
                        "2025-11-02T02:00-05:00",
                        "2025-11-02T02:30-05:00");
        assertThat(fires("30 0-23 * * *", zone, day, day)).hasSize(24);
        assertThat(fires("30 * * * *", zone, day, day))
                .hasSize(25)
                .contains("2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00");
        assertThat(fires("30 */1 * * *", zone, day, day)).hasSize(25);
        assertThat(fires("0 1-23/4 * * *", zone, day, day).subList(0, 3))
                .containsExactly("2025-11-02T01:00-04:00", "2025-11-02T01:00-05:00", "2025-11-02T05:00-05:00");
        assertThat(fires("0 5,1-2/1 * * *", zone, day, day))
                .containsExactly(
                        "2025-11-02T01:00-04:00",
                        "2025-11-02T01:00-05:00",
                        "2025-11-02T02:00-05:00",
                        "2025-11-02T05:00-05:00");
    }

    @Test
    void doesNotFireAgainForAScheduleThatBeginsInTheSecondOfTwoHours() {
        var between = Instant.parse("2025-11-02T06:15:00Z"); // 01:15 for the second time
        var table = Crontab.parse("30 1 * * *").from(between, ZoneId.of("America/New_York"));

        assertThat(table.next(between)).contains(Instant.parse("2025-11-03T06:30:00Z"));
        assertThat(table.next(Instant.EPOCH)).contains(Instant.parse("2025-11-03T06:30:00Z"));
    }

    @Test
    void makesUpForAScheduleThatBeginsAsAGapEnds() {
        var end = Instant.parse("2025-03-30T01:00:00Z");
        var zone = ZoneId.of("Europe/Berlin");

        assertThat(Crontab.parse("30 2 * * *").from(end, zone).next(Instant.EPOCH))
                .contains(end);
        assertThat(Crontab.parse("30 2 * * *").from(end.plusMillis(1), zone).next(Instant.EPOCH))
                .contains(Instant.parse("2025-03-31T00:30:00Z"));
    }

    /** Half an hour: 02:00 to 02:30 on 5 October, and back on 6 April. */
    @Test
    void copesWithHalfAnHour() {
        var zone = "Australia/Lord_Howe";

        assertThat(fires("15 2 * * *", zone, "2025-10-05", "2025-10-06"))
                .containsExactly("2025-10-05T02:30+11:00", "2025-10-06T02:15+11:00");
        assertThat(fires("15,30 2 * * *", zone, "2025-10-05", "2025-10-05")).containsExactly("2025-10-05T02:30+11:00");
        assertThat(fires("15 * * * *", zone, "2025-10-05", "2025-10-05").subList(1, 3))
                .containsExactly("2025-10-05T01:15+10:30", "2025-10-05T03:15+11:00");
        assertThat(fires("45 1 * * *", zone, "2025-04-06", "2025-04-06")).containsExactly("2025-04-06T01:45+11:00");
        assertThat(fires("15,45 * * * *", zone, "2025-04-06", "2025-04-06").subList(2, 6))
                .containsExactly(
                        "2025-04-06T01:15+11:00",
                        "2025-04-06T01:45+11:00",
                        "2025-04-06T01:45+10:30",
                        "2025-04-06T02:15+10:30");
    }

    /** The day begins at 01:00. */
    @Test
    void makesUpForAMissingMidnight() {
        assertThat(fires("@daily", "America/Sao_Paulo", "2017-10-14", "2017-10-16"))
                .containsExactly("2017-10-14T00:00-03:00", "2017-10-15T01:00-02:00", "2017-10-16T00:00-02:00");
        assertThat(fires("0 */12 * * *", "America/Sao_Paulo", "2017-10-15", "2017-10-15"))
                .containsExactly("2017-10-15T01:00-02:00", "2017-10-15T12:00-02:00");
        assertThat(fires("@hourly", "America/Sao_Paulo", "2017-10-15", "2017-10-15"))
                .hasSize(23);
        assertThat(fires("0 0 * * fri", "Africa/Cairo", "2023-04-28", "2023-05-05"))
                .containsExactly("2023-04-28T01:00+03:00", "2023-05-05T00:00+03:00");
    }

    /** At midnight back to 23:00 of the day before. */
    @Test
    void firesOnceOnADayThatEndsTwice() {
        assertThat(fires("30 23 * * *", "America/Sao_Paulo", "2018-02-17", "2018-02-18"))
                .containsExactly("2018-02-17T23:30-02:00", "2018-02-18T23:30-03:00");
        assertThat(fires("0 0 * * *", "America/Sao_Paulo", "2018-02-17", "2018-02-18"))
                .containsExactly("2018-02-17T00:00-02:00", "2018-02-18T00:00-03:00");
    }

    /** In 2016 Turkey kept its summer time for good, and nobody moved a clock. */
    @Test
    void staysWithAZoneThatKeepsItsSummerTime() {
        assertThat(fires("30 3 * * *", "Europe/Istanbul", "2016-10-29", "2016-10-31"))
                .containsExactly("2016-10-29T03:30+03:00", "2016-10-30T03:30+03:00", "2016-10-31T03:30+03:00");
    }

    /** Half an hour back at midnight in 2015, and forward again in 2018. */
    @Test
    void followsAZoneThatChangesItsStandardTime() {
        var zone = "Asia/Pyongyang";

        assertThat(fires("45 23 * * *", zone, "2015-08-14", "2015-08-15"))
                .containsExactly("2015-08-14T23:45+09:00", "2015-08-15T23:45+08:30");
        assertThat(fires("45 * * * *", zone, "2015-08-14", "2015-08-14")).hasSize(25);
        assertThat(fires("45 23 * * *", zone, "2018-05-03", "2018-05-05"))
                .containsExactly("2018-05-03T23:45+08:30", "2018-05-05T00:00+09:00", "2018-05-05T23:45+09:00");
        assertThat(fires("0 0 * * *", zone, "2018-05-05", "2018-05-05")).containsExactly("2018-05-05T00:00+09:00");
        assertThat(fires("45 2 * * *", "America/Caracas", "2016-05-01", "2016-05-02"))
                .containsExactly("2016-05-01T03:00-04:00", "2016-05-02T02:45-04:00");
        assertThat(fires("45 2 * * *", "America/Caracas", "2007-12-09", "2007-12-10"))
                .containsExactly("2007-12-09T02:45-04:00", "2007-12-10T02:45-04:30");
    }

    /** Ireland's winter time is the exception, an hour less than standard; its clocks move as others do. */
    @Test
    void copesWithWinterTime() {
        assertThat(fires("30 1 * * *", "Europe/Dublin", "2025-03-30", "2025-03-31"))
                .containsExactly("2025-03-30T02:00+01:00", "2025-03-31T01:30+01:00");
        assertThat(fires("30 1 * * *", "Europe/Dublin", "2025-10-26", "2025-10-27"))
                .containsExactly("2025-10-26T01:30+01:00", "2025-10-27T01:30Z");
    }

    /** Samoa crossed the date line: after 29 December 2011 came the 31st. */
    @Test
    void makesUpForAMissingDay() {
        var zone = "Pacific/Apia";

        assertThat(fires("0 9 * * *", zone, "2011-12-29", "2012-01-01"))
                .containsExactly(
                        "2011-12-29T09:00-10:00",
                        "2011-12-31T00:00+14:00",
                        "2011-12-31T09:00+14:00",
                        "2012-01-01T09:00+14:00");
        assertThat(fires("0 9 30 12 *", zone, "2011-01-01", "2012-12-31"))
                .containsExactly("2011-12-31T00:00+14:00", "2012-12-30T09:00+14:00");
        assertThat(fires("0 */6 * * *", zone, "2011-12-31", "2011-12-31"))
                .containsExactly(
                        "2011-12-31T00:00+14:00",
                        "2011-12-31T06:00+14:00",
                        "2011-12-31T12:00+14:00",
                        "2011-12-31T18:00+14:00");
        assertThat(fires("0 * 30 12 *", zone, "2011-12-29", "2012-12-29")).isEmpty();
    }

    /** Two hours: 01:00 to 03:00, and from 03:00 back. */
    @Test
    void copesWithTwoHours() {
        var zone = "Antarctica/Troll";

        assertThat(fires("30 1,2 * * *", zone, "2025-03-30", "2025-03-30")).containsExactly("2025-03-30T03:00+02:00");
        assertThat(fires("30 1,2 * * *", zone, "2025-10-26", "2025-10-26"))
                .containsExactly("2025-10-26T01:30+02:00", "2025-10-26T02:30+02:00");
        assertThat(fires("0 */2 * * *", zone, "2025-10-26", "2025-10-26").subList(0, 4))
                .containsExactly(
                        "2025-10-26T00:00+02:00", "2025-10-26T02:00+02:00", "2025-10-26T02:00Z", "2025-10-26T04:00Z");
    }

    @Test
    void takesLeapDaysAsTheyCome() {
        assertThat(fires("30 6 29 2 *", "Asia/Kolkata", "2024-01-01", "2032-12-31"))
                .containsExactly("2024-02-29T06:30+05:30", "2028-02-29T06:30+05:30", "2032-02-29T06:30+05:30");
        assertThat(fires("0 0 L 2 *", "Asia/Kolkata", "2023-01-01", "2024-12-31"))
                .containsExactly("2023-02-28T00:00+05:30", "2024-02-29T00:00+05:30");
    }

    @Test
    void missesNoRepeatedTimeOfARareDay() {
        assertThat(fires("30 2-2/1 26 10 *", "Europe/Berlin", "2025-01-01", "2026-12-31"))
                .containsExactly("2025-10-26T02:30+02:00", "2025-10-26T02:30+01:00", "2026-10-26T02:30+01:00");

        var table = Crontab.parse("30 2 26 10 *").from(Instant.EPOCH, ZoneId.of("Europe/Berlin"));
        var before = Instant.parse("2024-10-26T00:30:00Z");
        assertThat(table.last(before, Instant.parse("2025-10-26T01:15:00Z"))) // 02:15 for the second time
                .isEqualTo(Instant.parse("2025-10-26T00:30:00Z"));
    }

    @Test
    void looksBackOverYears() {
        var table = Crontab.parse("0 0 29 2 *").from(Instant.EPOCH, ZoneId.of("Europe/Berlin"));

        assertThat(table.last(Instant.parse("2016-02-28T23:00:00Z"), Instant.parse("2027-12-31T00:00:00Z")))
                .isEqualTo(Instant.parse("2024-02-28T23:00:00Z"));
    }

    /** A stored one may be out of place since its zone changed its rules. */
    @Test
    void doesNotLookBackBeyondTheInstantItWasGiven() {
        var table = Crontab.parse("0 4 * * *").from(Instant.EPOCH, ZoneId.of("Europe/Berlin"));
        var outOfPlace = Instant.parse("2025-01-01T04:00:00Z");

        assertThat(table.last(outOfPlace, outOfPlace.plusSeconds(60))).isEqualTo(outOfPlace);
    }

    @Test
    void answersTheSameToAClockThatJumpsBack() {
        var table = Crontab.parse("30 1 * * *").from(Instant.EPOCH, ZoneId.of("America/New_York"));
        var after = Instant.parse("2025-11-02T05:00:00Z");
        var first = table.next(after);

        table.next(Instant.parse("2030-01-01T00:00:00Z"));

        assertThat(table.next(after)).isEqualTo(first).contains(Instant.parse("2025-11-02T05:30:00Z"));
    }

    /** By the wall clock, from the beginning of one day to the end of another. */
    private static List<String> fires(String expression, String zone, String from, String until) {
        var id = ZoneId.of(zone);
        var table = Crontab.parse(expression).from(Instant.EPOCH, id);
        var fires = new ArrayList<String>();
        var next = table.next(LocalDate.parse(from).atStartOfDay(id).toInstant().minusNanos(1));
        while (next.isPresent()) {
            var fire = OffsetDateTime.ofInstant(next.get(), id);
            if (fire.toLocalDate().isAfter(LocalDate.parse(until))) {
                return fires;
            }
            fires.add(fire.toString());
            next = table.next(next.get());
        }
        return fires;
    }
}

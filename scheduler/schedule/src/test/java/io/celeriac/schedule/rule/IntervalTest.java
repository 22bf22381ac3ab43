package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void firesOnAGridFromItsAnchor() {
        var table = table("PT3S");

        assertThat(table.next(NOON.minusSeconds(100))).contains(NOON);
        assertThat(table.next(NOON)).contains(NOON.plusSeconds(3));
        assertThat(table.next(NOON.plusMillis(2_999))).contains(NOON.plusSeconds(3));
        assertThat(table.next(NOON.plusSeconds(3))).contains(NOON.plusSeconds(6));
    }

    @Test
    void endsWithTheYears() {
        var table = table("P36500D");

        assertThat(table.next(Timetable.LAST)).isEmpty();
        assertThat(table.next(Instant.MAX)).isEmpty();
        assertThat(table.next(Instant.MIN)).contains(NOON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PT1S | every second",
                "PT3S | every 3 seconds",
                "PT1H | every hour",
                "PT90M | every 1 hour 30 minutes",
                "P2D | every 2 days",
                "PT0.25S | every 250 milliseconds",
            })
    void saysItInWords(String every, String words) {
        assertThat(new Interval(Duration.parse(every)).description()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"every\":\"PT0.009S\"} | every must be from PT0.01S to PT876000H, but is PT0.009S",
                "{\"every\":\"PT-1S\"} | every must be from PT0.01S to PT876000H, but is PT-1S",
                "{\"every\":\"PT0.0105S\"} | every must be in whole milliseconds, but is PT0.0105S",
                "{\"every\":\"P36501D\"} | every must be from PT0.01S to PT876000H, but is PT876024H",
                "{\"every\":\"3s\"} | every must be an ISO-8601 duration such as PT30S, but is \"3s\"",
                "{\"every\":3} | every must be an ISO-8601 duration such as PT30S, but is 3",
                "{\"every\":\"PT99999999999999999999S\"} | every must be an ISO-8601 duration such as PT30S, but is \"PT99999999999999999999S\"",
                "{} | every is required: an ISO-8601 duration such as PT30S",
            })
    void saysWhatIsWrongWithEvery(String spec, String message) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> ScheduleRule.read("interval", TaskJson.MAPPER.readTree(spec)))
                .withMessage(message);
    }

    @Test
    void readsWhatItWrote() {
        var rule = new Interval(Duration.ofMinutes(90));

        assertThat(ScheduleRule.read(rule.kind(), rule.spec())).isEqualTo(rule);
    }

    @Test
    void namesTheKindsThatThereAre() {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> ScheduleRule.read("lunar", TaskJson.MAPPER.createObjectNode()))
                .withMessage("kind must be one of " + ScheduleRule.KINDS + ", but is \"lunar\"");
    }

    private static Timetable table(String every) {
        return new Interval(Duration.parse(every)).from(NOON, ZoneOffset.UTC);
    }
}

package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockedTest {

    private static final Instant NEW_YEAR = Instant.parse("2027-01-01T00:00:00Z");

    @Test
    void firesOnceAtItsInstant() {
        var table = table(NEW_YEAR.minusSeconds(60));

        assertThat(table.next(Instant.MIN)).contains(NEW_YEAR);
        assertThat(table.next(NEW_YEAR.minusNanos(1))).contains(NEW_YEAR);
        assertThat(table.next(NEW_YEAR)).isEmpty();
        assertThat(table.next(Instant.MAX)).isEmpty();
        assertThat(table.last(NEW_YEAR, Timetable.LAST)).isEqualTo(NEW_YEAR);
        assertThat(table.count(NEW_YEAR, NEW_YEAR)).isEqualTo(1);
    }

    @Test
    void firesAtItsAnchorButNotBefore() {
        assertThat(table(NEW_YEAR).next(Instant.MIN)).contains(NEW_YEAR);
        assertThat(table(NEW_YEAR.plusNanos(1_000)).next(Instant.MIN)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-01T00:00:00Z, 2027-01-01T00:00:00Z",
        "2027-01-01T01:00:00+01:00, 2027-01-01T00:00:00Z",
        "2026-12-31T18:30:00.123456789-05:30, 2027-01-01T00:00:00.123456Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999Z",
    })
    void readsAnInstantWithItsOffset(String at, String instant) {
        var spec = TaskJson.MAPPER.createObjectNode().put("at", at);

        var rule = ScheduleRule.read("clocked", spec);

        assertThat(rule).isEqualTo(new Clocked(Instant.parse(instant)));
        assertThat(rule.spec()).isEqualTo(TaskJson.MAPPER.createObjectNode().put("at", instant));
        assertThat(ScheduleRule.read(rule.kind(), rule.spec())).isEqualTo(rule);
    }

    @ParameterizedTest
    @CsvSource({
        "2027-01-01T00:00:00Z, once at 2027-01-01 00:00 UTC",
        "2027-01-01T00:00:05Z, once at 2027-01-01 00:00:05 UTC",
        "2027-01-01T00:00:00.25Z, once at 2027-01-01 00:00:00.25 UTC",
    })
    void saysItInWords(String at, String words) {
        assertThat(new Clocked(Instant.parse(at)).description()).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | at is required: a date and time with its offset such as 2027-01-01T00:00:00Z",
                "{\"at\":5} | at must be a date and time with its offset such as 2027-01-01T00:00:00Z, but is 5",
                "{\"at\":\"2027-01-01T00:00:00\"} | at must be a date and time with its offset such as 2027-01-01T00:00:00Z, but is \"2027-01-01T00:00:00\"",
                "{\"at\":\"2027-02-29T00:00:00Z\"} | at must be a date and time with its offset such as 2027-01-01T00:00:00Z, but is \"2027-02-29T00:00:00Z\"",
                "{\"at\":\"1969-12-31T23:59:59Z\"} | at must be from 1970 to 9999, but is 1969-12-31T23:59:59Z",
                "{\"at\":\"9999-12-31T23:59:59-01:00\"} | at must be from 1970 to 9999, but is +10000-01-01T00:59:59Z",
            })
    void saysWhatIsWrong(String spec, String message) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> ScheduleRule.read("clocked", TaskJson.MAPPER.readTree(spec)))
                .withMessage(message);
    }

    private static Timetable table(Instant anchor) {
        return new Clocked(NEW_YEAR).from(anchor, ZoneId.of("Asia/Tokyo"));
    }
}

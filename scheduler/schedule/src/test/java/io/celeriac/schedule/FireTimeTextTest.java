package io.celeriac.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.rule.InvalidScheduleException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FireTimeTextTest {

    private static final Instant NIGHT = Instant.parse("2026-01-30T23:30:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{fireTime}                              | 2026-01-30T23:30:00Z",
                "{fireTime:yyyy-MM-dd}                   | 2026-01-31",
                "of {fireTime:EEE, HH:mm VV} and {fireTime:yyyy} | of Sat, 00:30 Europe/Berlin and 2026",
                "{{fireTime:yyyy}}                       | {fireTime:yyyy}",
                "{firetime} $1 {fireTime                 | {firetime} $1 {fireTime",
            })
    void isWrittenByTheWallClockOfTheSchedule(String text, String written) {
        assertThat(task(text).args().get(0).stringValue()).isEqualTo(written);
    }

    @Test
    void isWrittenAtAnyDepth() {
        var task = stored(new TaskTemplate(
                        "demo.noop",
                        List.of(TaskJson.tree(List.of(1, "{fireTime:dd}"))),
                        Map.of("deep", TaskJson.tree(Map.of("a", Map.of("b", "{fireTime:MM}")))),
                        "default",
                        null,
                        Map.of()))
                .task(NIGHT);

        assertThat(task.args()).containsExactly(TaskJson.tree(List.of(1, "31")));
        assertThat(task.kwargs()).isEqualTo(Map.of("deep", TaskJson.tree(Map.of("a", Map.of("b", "01")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{fireTime:}", "{fireTime:nonsense}", "{fireTime:yyyy-MM-dd'T}", "x {fireTime:qqqqqq}"})
    void refusesAFormatThatCannotBeRead(String text) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> TaskTemplate.of("demo.noop", text))
                .withMessageStartingWith("args must have formats such as {fireTime:yyyy-MM-dd}");
    }

    private static Task task(String text) {
        return stored(TaskTemplate.of("demo.noop", text)).task(NIGHT);
    }

    private static StoredSchedule stored(TaskTemplate template) {
        var schedule = Schedule.named("nightly")
                .task(template)
                .every(Duration.ofHours(1))
                .timezone(ZoneId.of("Europe/Berlin"))
                .build();
        var signed = new Signed(NIGHT, null);
        return new StoredSchedule("5a8b3c52-7a3b-4b3a-9d4e-0c2d5f0a1b2c", schedule, Progress.NONE, 1, signed, signed);
    }
}

package io.celeriac.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void namesTheFieldThatIsWrong() {
        assertRefused(schedule -> schedule.remaining(-1L), "remaining must not be negative, but is -1");
        assertRefused(
                schedule -> schedule.startAt(NOON).endAt(NOON.minusSeconds(1)),
                "endAt must not be before startAt, but is 2026-01-31T11:59:59Z");
        assertRefused(
                schedule -> schedule.startAt(Instant.MAX), "startAt must be from 1970 to 9999, but is " + Instant.MAX);
        assertRefused(
                schedule -> schedule.expiresAfter(Duration.ZERO),
                "expiresAfter must be longer than zero and at most PT876000H, but is PT0S");
        assertRefused(
                schedule -> schedule.description("x".repeat(1_001)),
                "description must have at most 1000 characters, but has 1001");
        assertRefused(
                schedule -> schedule.task(TaskTemplate.of("Mail", Task.of("demo.noop"))),
                "queue must match [a-z0-9-]{1,80}, but is \"Mail\"");
        assertRefused(
                schedule -> schedule.task("demo noop"), "task must match [A-Za-z0-9_.:-]{1,255}, but is \"demo noop\"");
    }

    @Test
    void namesWhatIsMissing() {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> Schedule.named("a").build())
                .withMessage("task is required");
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> Schedule.named("a").task("demo.noop").build())
                .withMessage("kind is required: one of " + ScheduleRule.KINDS);
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> schedule("a/b").build())
                .withMessage("name must match [A-Za-z0-9_.:-]{1,200}, but is \"a/b\"");
    }

    @Test
    void makesTheTaskOfARun() {
        var schedule = schedule("beat")
                .task(TaskTemplate.of(
                        "mail",
                        Task.named("email.send")
                                .args(1)
                                .kwarg("to", "ada@example.org")
                                .priority(9)
                                .label("tenant", "a")
                                .build()))
                .expiresAfter(Duration.ofMinutes(1))
                .build();
        var signed = new Signed(NOON, null);
        var stored = new StoredSchedule("id-1", schedule, Progress.NONE, 1, signed, signed);

        assertThat(stored.task(NOON))
                .isEqualTo(Task.named("email.send")
                        .id(TaskIds.ofFiring("id-1", NOON))
                        .args(1)
                        .kwarg("to", "ada@example.org")
                        .priority(9)
                        .label("tenant", "a")
                        .expires(NOON.plusSeconds(60))
                        .schedule(new Firing("beat", NOON))
                        .build());
    }

    @Test
    void copiesItself() {
        var schedule = schedule("a")
                .startAt(NOON)
                .endAt(NOON)
                .enabled(false)
                .oneOff(true)
                .remaining(3L)
                .expiresAfter(Duration.ofHours(1))
                .description("d")
                .note("n")
                .build();

        assertThat(schedule.toBuilder().build()).isEqualTo(schedule);
    }

    private static Schedule.Builder schedule(String name) {
        return Schedule.named(name).task("demo.noop").every(Duration.ofSeconds(1));
    }

    private static void assertRefused(UnaryOperator<Schedule.Builder> change, String message) {
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> change.apply(schedule("a")).build())
                .withMessage(message);
    }
}

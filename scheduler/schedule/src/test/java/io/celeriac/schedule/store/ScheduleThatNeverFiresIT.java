package io.celeriac.schedule.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.schedule.rule.Clocked;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.schedule.store.ScheduleChange.NameTaken;
import io.celeriac.schedule.store.ScheduleChange.NeverFires;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who writes a schedule that never fires must hear of it, and who edits one that has had its time must not. */
class ScheduleThatNeverFiresIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final ScheduleDatabase database = new ScheduleDatabase(TestStack.createDatabase(), "");

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void namesTheFieldThatIsAtFault() {
        assertRefused(at(NOON.minusSeconds(61)), "at", "must not have passed, but is 2026-01-31T11:58:59Z: ");
        assertRefused(
                each -> at(NOON.plusSeconds(9)).apply(each).startAt(NOON.plusSeconds(10)),
                "at",
                "must not be before startAt, but is 2026-01-31T12:00:09Z: ");
        assertRefused(
                each -> at(NOON.plusSeconds(9)).apply(each).endAt(NOON.plusSeconds(8)),
                "endAt",
                "must not be before the next firing, at 2026-01-31T12:00:09Z, but is 2026-01-31T12:00:08Z: ");
        assertRefused(each -> each.endAt(NOON.minusSeconds(1)), "endAt", "must not be before the next firing, at ");
        assertRefused(each -> each.endAt(NOON.plusSeconds(9)), "endAt", "must not be before the next firing, at ");
        assertRefused(each -> each.remaining(0L), "remaining", "must not be 0: ");
        assertRefused(
                each -> each.rule(ScheduleRule.read(
                                "crontab", TaskJson.MAPPER.readTree("{\"expression\": \"0 0 1 1 *\"}")))
                        .startAt(Instant.parse("9999-02-01T00:00:00Z")),
                "expression",
                "has no instant between now, or startAt, and the end of the year 9999: ");
    }

    private void assertRefused(UnaryOperator<Schedule.Builder> change, String field, String rule) {
        var refused = schedule(change);

        assertThat(database.schedules.create(refused, null))
                .isEqualTo(database.schedules.obstacle(refused).orElseThrow())
                .isInstanceOfSatisfying(NeverFires.class, never -> {
                    assertThat(never.field()).isEqualTo(field);
                    assertThat(never.rule())
                            .startsWith(rule)
                            .endsWith(": it would never fire, unless enabled is false as well");
                });

        var paused = refused.toBuilder().enabled(false).build();
        assertThat(database.schedules.create(paused, null)).isInstanceOf(Saved.class);
        assertThat(database.schedules.resume("a", null, null, null)).isInstanceOf(NeverFires.class);
        assertThat(database.stored("a").schedule()).isEqualTo(paused);
        database.schedules.delete("a", null);

        database.create("a", each -> each);
        assertThat(database.schedules.replace(refused, null, null))
                .isInstanceOf(field.equals("remaining") ? Saved.class : NeverFires.class);
        database.schedules.delete("a", null);
    }

    /** "Now" is past when it arrives. */
    @Test
    void firesAtOnceWhatHasPassedOnTheWay() {
        database.create("a", at(NOON.minusMillis(300)));
        database.create("b", at(NOON.minusSeconds(30)));

        database.claim();

        assertThat(history("a")).containsExactly("timed");
        assertThat(history("b")).containsExactly("caught_up");
        assertThat(database.nextDue()).isEmpty();
    }

    @Test
    void tellsASecondAttemptOfTheFirstAlsoWhenTheInstantHasPassed() {
        var schedule = database.create("a", at(NOON.plusSeconds(3))).schedule();
        database.clock.advance(Duration.ofHours(1));

        assertThat(database.schedules.create(schedule, null)).isEqualTo(new NameTaken());
        assertThat(database.schedules.replace(schedule, null, null)).isInstanceOf(Saved.class);
    }

    @Test
    void editsPausesAndResumesOneThatHasFired() {
        var schedule = database.create("a", at(NOON.plusSeconds(3))).schedule();
        database.clock.advance(Duration.ofSeconds(3));
        database.claim();
        database.clock.advance(Duration.ofSeconds(3));

        var noted = schedule.toBuilder().note("done").build();
        assertThat(database.schedules.replace(noted, null, null)).isInstanceOf(Saved.class);
        assertThat(database.schedules.pause("a", null, null, null)).isInstanceOf(Saved.class);
        assertThat(database.schedules.resume("a", null, null, null)).isInstanceOf(Saved.class);
        assertThat(database.nextDue()).as("it has fired").isEmpty();

        var other = noted.toBuilder().rule(new Clocked(NOON.plusSeconds(2))).build();
        assertThat(database.schedules.replace(other, null, null)).isInstanceOf(NeverFires.class);
        assertThat(database.stored("a").schedule()).isEqualTo(noted);
    }

    @Test
    void catchesUpOnAnInstantThatPassedWhileItWasPaused() {
        database.create("a", each -> at(NOON.plusSeconds(3)).apply(each).enabled(false));
        database.clock.advance(Duration.ofHours(1));

        assertThat(database.schedules.resume("a", null, null, null)).isInstanceOf(Saved.class);
        database.claim();

        assertThat(history("a")).containsExactly("caught_up");
    }

    /** The firing that was overdue is the one that is to come: it must not be told as skipped as well. */
    @Test
    void tellsNoRunAsSkippedThatIsStillToCome() {
        var schedule = database.create("a", at(NOON.plusSeconds(3))).schedule();
        database.clock.advance(Duration.ofSeconds(10));

        var ending = schedule.toBuilder().endAt(NOON.plusSeconds(60)).build();
        database.schedules.replace(ending, null, null);
        database.claim();

        assertThat(history("a")).containsExactly("caught_up");
    }

    private List<String> history(String name) {
        return database.schedules.firings(name, 10, null).orElseThrow().items().stream()
                .map(firing -> firing.kind().word())
                .toList();
    }

    private static UnaryOperator<Schedule.Builder> at(Instant instant) {
        return each -> each.rule(new Clocked(instant));
    }

    private static Schedule schedule(UnaryOperator<Schedule.Builder> change) {
        return change.apply(Schedule.named("a").task("demo.noop").every(Duration.ofSeconds(10)))
                .build();
    }
}

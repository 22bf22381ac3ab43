package io.celeriac.schedule.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.groups.Tuple.tuple;

import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.schedule.backfill.FiringRequest.Pace;
import io.celeriac.schedule.backfill.FiringRequest.Range;
import io.celeriac.schedule.backfill.FiringRequest.State;
import io.celeriac.schedule.firing.Claim;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At noon; a schedule of every ten seconds that was created then. */
class FiringRequestsIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Range LAST_MINUTE = new Range(NOON.minusSeconds(60), NOON, false);
    private static final Pace FAST = new Pace(1_000, false);

    private final ScheduleDatabase database =
            new ScheduleDatabase(TestStack.createDatabase(), "&rewriteBatchedStatements=true");
    private final List<String> sent = new ArrayList<>();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void runsOnceWithoutDisturbingTheRhythm() {
        var schedule = database.create("a", each -> each.enabled(false).remaining(3L));
        database.clock.advance(Duration.ofSeconds(3));

        var firing = database.requests.fire("a", "ada").orElseThrow();
        assertThat(database.nextDue()).contains(NOON.plusSeconds(3));
        assertThat(claim()).isEqualTo(new Claim(1, 1));

        assertThat(firing.taskId()).isEqualTo(schedule.taskId(NOON.plusSeconds(3)));
        assertThat(sent).containsExactly(firing.taskId());
        assertThat(database.stored("a")).isEqualTo(schedule);
        assertThat(history())
                .containsExactly(ScheduleFiring.emitted(
                        NOON.plusSeconds(3), FiringKind.MANUAL, firing.taskId(), NOON.plusSeconds(3)));
        assertThat(claim()).isEqualTo(new Claim(0, 0));
        assertThat(database.requests.fire("none", null)).isEmpty();
    }

    /** A scheduler that dies on the way: whoever comes next sends the same id again. */
    @Test
    void runsOnceWhenASchedulerDies() {
        database.create("a", each -> each);
        var firing = database.requests.fire("a", null).orElseThrow();

        assertThatIllegalStateException()
                .isThrownBy(() -> database.requestClaimer.claim(database.clock.instant(), 10, plans -> {
                    throw new IllegalStateException("killed");
                }));
        claim();

        assertThat(sent).containsExactly(firing.taskId());
    }

    @Test
    void fillsARangeOnTheGridOfTheInterval() {
        var schedule = database.create("a", each -> each.expiresAfter(Duration.ofSeconds(5)));

        var backfill = database.requests.backfill("a", LAST_MINUTE, FAST, "ada").orElseThrow();
        assertThat(backfill.progress().total()).isEqualTo(6);
        var expiries = new HashSet<Instant>();
        database.requestClaimer.claim(database.clock.instant(), 10, plans -> {
            plans.forEach(plan -> plan.toSend().forEach(firing -> {
                sent.add(firing.taskId());
                expiries.add(plan.task(firing).expires());
            }));
            return plans;
        });

        assertThat(sent)
                .containsExactlyElementsOf(List.of(-60L, -50L, -40L, -30L, -20L, -10L).stream()
                        .map(seconds -> schedule.taskId(NOON.plusSeconds(seconds)))
                        .toList());
        assertThat(expiries).containsExactly(NOON.plusSeconds(5));
        var done = database.requests.backfill("a", backfill.id()).orElseThrow();
        assertThat(done.progress().state()).isEqualTo(State.DONE);
        assertThat(done.progress().emitted()).isEqualTo(6);
        assertThat(done.progress().endedAt()).isEqualTo(NOON);
        assertThat(history()).extracting(ScheduleFiring::kind).containsOnly(FiringKind.BACKFILL);
    }

    @Test
    void leavesTheLineOfRunsThatWereSkippedAsItIs() {
        database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(65));
        database.claim();
        var range = new Range(NOON, NOON.plusSeconds(60), false);
        for (var time = 0; time < 2; time++) {
            assertThat(database.requests.backfill("a", range, FAST, null)).isPresent();
            claim();
        }

        assertThat(history())
                .filteredOn(firing -> firing.kind() == FiringKind.SKIPPED)
                .filteredOn(firing -> firing.fireTime().equals(NOON.plusSeconds(10)))
                .extracting(ScheduleFiring::count, ScheduleFiring::reason)
                .containsExactly(tuple(5L, "missed, and a later firing stands for it"));
    }

    @Test
    void skipsFireTimesThatHadARunUnlessAskedForAgain() {
        database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();
        database.clock.advance(Duration.ofSeconds(15));
        var range = new Range(NOON, NOON.plusSeconds(25), false);

        var once = database.requests.backfill("a", range, FAST, null).orElseThrow();
        claim();
        assertThat(progress(once)).isEqualTo("done 3 2 1");
        assertThat(history())
                .filteredOn(firing -> firing.kind() == FiringKind.SKIPPED)
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::reason)
                .containsExactly(tuple(NOON.plusSeconds(10), "there was a firing of this fire time already"));

        var twice = database.requests.backfill("a", range, FAST, null).orElseThrow();
        claim();
        assertThat(progress(twice)).isEqualTo("done 3 0 3");

        sent.clear();
        var again = database.requests
                .backfill("a", new Range(range.from(), range.to(), true), FAST, null)
                .orElseThrow();
        claim();
        assertThat(progress(again)).isEqualTo("done 3 3 0");
        assertThat(sent)
                .hasSize(3)
                .doesNotHaveDuplicates()
                .doesNotContain(database.stored("a").taskId(NOON));
    }

    /** Sent by a scheduler that died before its commit: the task is there, so it is not sent again, and counts as emitted. */
    @Test
    void doesNotSendATaskThatIsThere() {
        var schedule = database.create("a", each -> each);
        var backfill = database.requests.backfill("a", LAST_MINUTE, FAST, null).orElseThrow();
        database.states.put(schedule.taskId(NOON.minusSeconds(60)), TaskState.STARTED);

        claim();

        assertThat(sent).hasSize(5);
        assertThat(progress(backfill)).isEqualTo("done 6 6 0");
    }

    @Test
    void keepsToItsPaceAndGoesOnWhereItStopped() {
        database.create("a", each -> each.every(Duration.ofMillis(10)));
        var backfill = database.requests
                .backfill("a", LAST_MINUTE, new Pace(100, false), null)
                .orElseThrow();

        claim();
        assertThat(progress(backfill)).isEqualTo("active 6000 50 0");
        assertThat(claim()).isEqualTo(new Claim(0, 0));
        database.clock.advance(Duration.ofMillis(499));
        assertThat(claim()).isEqualTo(new Claim(0, 0));
        database.clock.advance(Duration.ofMillis(1));
        claim();
        assertThat(progress(backfill)).isEqualTo("active 6000 100 0");

        database.clock.advance(Duration.ofHours(1)); // nobody was there: no burst afterwards
        claim();
        assertThat(progress(backfill)).isEqualTo("active 6000 150 0");
        for (var turn = 0; turn < 117; turn++) {
            database.clock.advance(Duration.ofMillis(500));
            claim();
        }
        assertThat(progress(backfill)).isEqualTo("done 6000 6000 0");
        assertThat(sent).hasSize(6_000).doesNotHaveDuplicates();
    }

    @Test
    void waitsForEachToEndWhenAsked() {
        database.create("a", each -> each);
        var backfill = database.requests
                .backfill("a", LAST_MINUTE, new Pace(10, true), null)
                .orElseThrow();
        claim();
        database.clock.advance(Duration.ofSeconds(1));
        claim();
        assertThat(sent).hasSize(1);

        database.states.put(sent.get(0), TaskState.RETRY);
        database.clock.advance(Duration.ofSeconds(1));
        claim();
        assertThat(sent).hasSize(1);

        database.states.put(sent.get(0), TaskState.FAILURE);
        database.clock.advance(Duration.ofSeconds(1));
        claim();
        assertThat(sent).hasSize(2);
        assertThat(progress(backfill)).isEqualTo("active 6 2 0");
    }

    @Test
    void carriesSeveralOnAtOnceAndEndsOneWhenAsked() {
        database.create("a", each -> each);
        database.create("b", each -> each);
        var slow = new Pace(2, false);
        var first = database.requests.backfill("a", LAST_MINUTE, slow, null).orElseThrow();
        var second = database.requests
                .backfill("b", new Range(NOON.minusSeconds(30), NOON, false), slow, null)
                .orElseThrow();

        assertThat(claim()).isEqualTo(new Claim(2, 2));
        var cancelled = database.requests.cancel("a", first.id(), "ada").orElseThrow();
        assertThat(cancelled.progress().state()).isEqualTo(State.CANCELLED);
        assertThat(cancelled.progress().reason()).isEqualTo("cancelled by ada");
        database.clock.advance(Duration.ofMillis(500));
        assertThat(claim()).isEqualTo(new Claim(1, 1));
        database.schedules.delete("b", null);
        database.clock.advance(Duration.ofMillis(500));
        assertThat(claim()).isEqualTo(new Claim(1, 1));

        assertThat(sent).hasSize(3);
        assertThat(database.jdbc
                        .sql("SELECT reason FROM schedule_firing_request WHERE id = :id")
                        .param("id", second.id())
                        .query(String.class)
                        .single())
                .isEqualTo("the schedule was deleted");
        assertThat(database.nextDue()).contains(NOON.plusSeconds(10));
    }

    /** Somebody has written into a request what is none: the others are carried out. */
    @ParameterizedTest
    @ValueSource(
            strings = {"kind = 'moon'", "kind = 'timed'", "state = 'sad'", "per_second = 0", "per_second = 2147483647"})
    void setsAsideARequestThatCannotBeRead(String written) {
        database.create("a", each -> each);
        database.requests.fire("a", null);
        database.jdbc.sql("UPDATE schedule_firing_request SET " + written).update();
        database.clock.advance(Duration.ofSeconds(1));
        var good = database.requests.fire("a", null).orElseThrow();

        assertThat(claim()).isEqualTo(new Claim(2, 2));

        assertThat(sent).containsExactly(good.taskId());
        assertThat(claim()).isEqualTo(new Claim(0, 0));
    }

    @Test
    void passesOverARequestThatCannotBeReadWhereTheyAreListed() {
        database.create("a", each -> each);
        var backfill = database.requests.backfill("a", LAST_MINUTE, FAST, null).orElseThrow();
        var odd = database.requests.backfill("a", LAST_MINUTE, FAST, null).orElseThrow();
        database.jdbc
                .sql("UPDATE schedule_firing_request SET per_second = -1 WHERE id = :id")
                .param("id", odd.id())
                .update();

        assertThat(database.requests.backfills("a", 10).orElseThrow())
                .extracting(FiringRequest::id)
                .containsExactly(backfill.id());
        assertThat(database.requests.backfill("a", odd.id())).isEmpty();
        assertThat(database.requests.cancel("a", odd.id(), null)).isEmpty();
    }

    @Test
    void hasNothingToDoForARangeWithoutRuns() {
        database.create("a", each -> each);

        var backfill = database.requests
                .backfill("a", new Range(NOON.minusSeconds(9), NOON.minusSeconds(1), false), FAST, null)
                .orElseThrow();

        assertThat(backfill.progress().reason()).isEqualTo("no firing is in the range");
        assertThat(progress(backfill)).isEqualTo("done 0 0 0");
    }

    private Claim claim() {
        return database.requestClaimer.claim(database.clock.instant(), 10, plans -> {
            plans.forEach(plan -> plan.toSend().forEach(firing -> sent.add(firing.taskId())));
            return plans;
        });
    }

    private String progress(FiringRequest request) {
        var progress = database.requests
                .backfill(nameOf(request), request.id())
                .orElseThrow()
                .progress();
        return progress.state().word() + " " + progress.total() + " " + progress.emitted() + " " + progress.skipped();
    }

    private String nameOf(FiringRequest request) {
        return database.jdbc
                .sql("SELECT name FROM schedule WHERE id = :id")
                .param("id", request.scheduleId())
                .query(String.class)
                .single();
    }

    private List<ScheduleFiring> history() {
        return database.schedules.firings("a", 100, null).orElseThrow().items();
    }
}

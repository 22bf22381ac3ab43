package io.celeriac.schedule.firing;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.firing.FiringPlanner.Look;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A schedule of every 10 seconds, created at noon, whose first firing is due at 12:00:10. */
class FiringPlannerTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final String STANDS_FOR_IT = "missed, and a later firing stands for it";
    private static final String DOES_NOT = "missed, and the schedule does not catch up";

    private final FiringPlanner planner = new FiringPlanner(Duration.ofSeconds(1));

    @Test
    void emitsWhatIsDue() {
        assertPlan(plan(at(10), schedule -> schedule), List.of("10 timed"), at(20));
        assertPlan(plan(at(11), schedule -> schedule), List.of("10 timed"), at(20));
    }

    @Test
    void emitsALateRunAsCaughtUp() {
        assertPlan(plan(at(12), schedule -> schedule), List.of("10 caught_up"), at(20));
    }

    @Test
    void emitsTheLastOfThoseMissed() {
        assertPlan(
                plan(at(45), schedule -> schedule),
                List.of("10-30 skipped 3 " + STANDS_FOR_IT, "40 caught_up"),
                at(50));
        assertPlan(plan(at(40), schedule -> schedule), List.of("10-30 skipped 3 " + STANDS_FOR_IT, "40 timed"), at(50));
    }

    /** So that a scheduler that dies between the two is not followed by one that tells of the chosen firing as skipped. */
    @Test
    void writesDownWhatItSkipsBeforeItEmitsTheRunThatStandsForIt() {
        var plan = planner.plan(stored(schedule -> schedule), List.of(), since(at(10)), at(45));
        assertPlan(plan, List.of("10-30 skipped 3 " + STANDS_FOR_IT), at(40));
        assertThat(plan.next().dueAt()).isEqualTo(at(10)); // at once

        assertPlan(next(plan, at(46)), List.of("40 caught_up"), at(50));
    }

    /** Else a scheduler that is slower than the schedule would only ever skip. */
    @Test
    void emitsTheRunThatItChoseThoughLaterOnesAreDueByNow() {
        var last = planner.plan(stored(schedule -> schedule), List.of(), since(at(10)), at(45));
        var none = planner.plan(stored(with(CatchUpPolicy.NONE)), List.of(), since(at(10)), at(40));

        assertPlan(next(last, at(95)), List.of("40 caught_up"), at(50));
        assertThat(next(last, at(95)).next().dueAt()).isEqualTo(at(95));
        assertPlan(next(none, at(95)), List.of("40 timed"), at(50));
    }

    /** The same whatever they are skipped for: a scheduler that dies asks of the first unrecorded firings only whether they were sent. */
    @Test
    void writesDownWhatItSkipsForAnyReasonBeforeItEmitsALaterRun() {
        UnaryOperator<Schedule.Builder> replacing =
                schedule -> with(CatchUpPolicy.ALL).apply(schedule).overlap(Overlap.CANCEL_OTHER);
        var replaced = planner.plan(stored(replacing), List.of(), since(at(10)), at(35));
        var reason = "a later firing took its place while an earlier one had not ended";
        assertPlan(replaced, List.of("10-20 skipped 2 " + reason), at(30));
        assertPlan(next(replaced, at(45)), List.of("30 caught_up"), at(40));

        var waited = planner.plan(
                stored(replacing).with(new Progress(at(20), at(10), null, 0)), List.of(), since(at(20)), at(20));
        assertPlan(waited, List.of("10 skipped 1 " + reason), at(20));
        assertThat(waited.next().bufferedFireAt()).isNull();
        assertPlan(next(waited, at(21)), List.of("20 timed"), at(30));

        var expiring =
                stored(schedule -> with(CatchUpPolicy.ALL).apply(schedule).expiresAfter(Duration.ofSeconds(15)));
        var expired = planner.plan(expiring, List.of(), since(at(10)), at(45));
        assertThat(expired.emitted()).isEmpty();
        assertPlan(next(expired, at(45)), List.of("40 caught_up"), at(50));
    }

    @Test
    void emitsNoneOfThoseMissed() {
        assertPlan(plan(at(45), with(CatchUpPolicy.NONE)), List.of("10-40 skipped 4 " + DOES_NOT), at(50));
        assertPlan(plan(at(40), with(CatchUpPolicy.NONE)), List.of("10-30 skipped 3 " + DOES_NOT, "40 timed"), at(50));
    }

    @Test
    void emitsAllOfThoseMissedAHundredAtATime() {
        assertPlan(
                plan(at(35), with(CatchUpPolicy.ALL)), List.of("10 caught_up", "20 caught_up", "30 caught_up"), at(40));

        var many = plan(at(100_000), with(CatchUpPolicy.ALL));
        assertThat(many.emitted()).hasSize(FiringPlanner.MOST_FIRINGS);
        assertThat(many.next().fireAt()).isEqualTo(at(1_010));
    }

    @Test
    void skipsWhatIsOlderThanTheWindow() {
        var reason = "missed by more than the catch-up window of PT15S";
        assertPlan(
                plan(at(45), with(CatchUpPolicy.ALL, 15)),
                List.of("10-20 skipped 2 " + reason, "30 caught_up", "40 caught_up"),
                at(50));
        assertPlan(
                plan(at(45), with(CatchUpPolicy.LAST, 2)),
                List.of("10-40 skipped 4 missed by more than the catch-up window of PT2S"),
                at(50));
    }

    @Test
    void countsDownToTheEnd() {
        var plan =
                plan(at(35), schedule -> with(CatchUpPolicy.ALL).apply(schedule).remaining(2L));

        assertPlan(plan, List.of("10 caught_up", "20 caught_up"), null);
        assertThat(plan.remaining()).isZero();
        assertPlan(plan(at(10), schedule -> schedule.oneOff(true)), List.of("10 timed"), null);
        assertPlan(plan(at(25), schedule -> schedule.endAt(at(19))), List.of("10 caught_up"), null);
    }

    @Test
    void countsSkippedRunsAsNone() {
        var plan = plan(at(45), schedule -> schedule.remaining(5L));

        assertThat(plan.remaining()).isEqualTo(4);
        assertThat(plan.progress().totalFires()).isEqualTo(1);
        assertThat(plan.progress().lastFireAt()).isEqualTo(at(40));
    }

    /** The part of the jitter follows from the firing's id: it is the same for all schedulers, and another for each firing. */
    @Test
    void emitsARunLaterByItsPartOfTheJitter() {
        var stored = stored(schedule -> schedule.jitter(Duration.ofSeconds(8)));
        var due = stored.dueAt(at(10));
        assertThat(due).isAfter(at(10)).isBefore(at(18));

        var early = planner.plan(stored, List.of(), since(due.minusNanos(1_000)), due.minusNanos(1_000));
        assertPlan(early, List.of(), at(10));
        assertThat(early.next().dueAt()).isEqualTo(due);

        var plan = planner.plan(stored, List.of(), since(due), due);
        assertPlan(plan, List.of("10 timed"), at(20));
        assertThat(plan.next().dueAt()).isEqualTo(stored.dueAt(at(20)));
        assertThat(IntStream.rangeClosed(1, 1_000)
                        .mapToLong(i -> Duration.between(at(10L * i), stored.dueAt(at(10L * i)))
                                .toMillis())
                        .summaryStatistics())
                .matches(all -> all.getMin() >= 0 && all.getMax() <= 8_000, "from 0 to 8 s")
                .matches(all -> Math.abs(all.getAverage() - 4_000) < 400, "spread over 8 s");
    }

    /** Else one that has the longer part of the jitter would make those behind it missed. */
    @Test
    void countsARunAsMissedOnlyWhenItsJitterHasPassed() {
        var stored = stored(schedule -> schedule.jitter(Duration.ofSeconds(8)));
        var none = stored(schedule -> with(CatchUpPolicy.NONE).apply(schedule).jitter(Duration.ofSeconds(8)));

        assertPlan(planner.plan(stored, List.of(), since(at(19)), at(19)), List.of("10 timed"), at(20));
        assertPlan(
                planner.plan(stored, List.of(), since(at(19).plusMillis(1)), at(19).plusMillis(1)),
                List.of("10 caught_up"),
                at(20));
        assertPlan(
                planner.plan(none, List.of(), since(at(19).plusMillis(1)), at(19).plusMillis(1)),
                List.of("10 skipped 1 " + DOES_NOT),
                at(20));
    }

    /** A person's backfill may have emitted the very firing that is due: it is not one that waits for itself. */
    @Test
    void takesARunForKnownWhoseTaskRuns() {
        var stored = stored(schedule -> schedule.overlap(Overlap.CANCEL_OTHER));

        var plan = planner.plan(stored, List.of(stored.taskId(at(10))), since(at(10)), at(10));

        assertPlan(plan, List.of("10 timed"), at(20));
        assertThat(plan.toSend()).isEmpty();
        assertThat(plan.toRevoke()).isEmpty();
    }

    @Test
    void goesOnWhenTheLastRunIsSkipped() {
        var plan = plan(at(10), schedule -> schedule.remaining(1L));

        var skipping = plan.skipping(plan.firings().get(0), "too large");

        assertPlan(skipping, List.of("10 skipped 1 too large"), at(20));
        assertThat(skipping.remaining()).isEqualTo(1);
    }

    @Test
    void doesNotEmitTheRunThatWaitsOfOneThatMayFireNoMore() {
        var stored = stored(schedule -> schedule.overlap(Overlap.BUFFER_ONE).remaining(0L))
                .with(new Progress(null, at(10), null, 3));

        var plan = planner.plan(stored, List.of(), since(at(12)), at(12));

        assertPlan(plan, List.of("10 skipped 1 the schedule has fired as often as it may"), null);
        assertThat(plan.remaining()).isZero();
    }

    @Test
    void looksLessOftenTheLongerARunWaits() {
        var stored = stored(schedule -> schedule.overlap(Overlap.BUFFER_ONE).remaining(1L))
                .with(new Progress(null, at(10), null, 0));

        assertThat(planner.plan(stored, List.of("earlier"), since(at(110)), at(110))
                        .next()
                        .dueAt())
                .isEqualTo(at(120));
        assertThat(planner.plan(stored, List.of("earlier"), since(at(10_000)), at(10_000))
                        .next()
                        .dueAt())
                .isEqualTo(at(10_030));
    }

    @Test
    void linesUpBehindOthersWhenMoreIsMissedThanOnePlanHolds() {
        assertThat(plan(at(100_000), with(CatchUpPolicy.ALL)).next().dueAt()).isEqualTo(at(100_000));
    }

    @Test
    void skipsWhatHasExpired() {
        var plan =
                plan(at(45), schedule -> with(CatchUpPolicy.ALL).apply(schedule).expiresAfter(Duration.ofSeconds(15)));

        assertPlan(
                plan,
                List.of(
                        "10-30 skipped 3 it expired before it could be emitted, PT15S after its fire time",
                        "40 caught_up"),
                at(50));
    }

    @Test
    void looksAgainWhileARunWaits() {
        var stored = stored(schedule -> schedule.overlap(Overlap.BUFFER_ONE));

        var plan = planner.plan(stored, List.of("earlier"), since(at(10)), at(10));
        assertPlan(plan, List.of(), at(20));
        assertThat(plan.next()).isEqualTo(new FiringPlan.Next(at(20), at(10), at(10).plusMillis(500)));
        assertThat(plan.progress().bufferedFireAt()).isEqualTo(at(10));

        var ended = planner.plan(stored.with(plan.progress()), List.of(), since(at(12)), at(12));
        assertPlan(ended, List.of("10 timed"), at(20));
        assertThat(ended.next()).isEqualTo(new FiringPlan.Next(at(20), null, at(20)));
    }

    @Test
    void treatsARunThatWaitedLikeOthersThatWereMissedWhenNobodyLookedAfterIt() {
        var hour = new CatchUp(CatchUpPolicy.LAST, Duration.ofHours(1));
        var stored = stored(schedule ->
                        schedule.overlap(Overlap.BUFFER_ONE).remaining(1L).catchUp(hour))
                .with(new Progress(null, at(10), null, 0));
        var none = stored(schedule -> schedule.overlap(Overlap.BUFFER_ONE)
                        .remaining(1L)
                        .catchUp(new CatchUp(CatchUpPolicy.NONE, Duration.ofHours(1))))
                .with(new Progress(null, at(10), null, 0));

        assertPlan(planner.plan(stored, List.of(), since(at(7_000)), at(7_000)), List.of("10 timed"), null);
        assertPlan(planner.plan(stored, List.of(), since(at(20)), at(3_000)), List.of("10 timed"), null);
        assertPlan(
                planner.plan(stored, List.of(), since(at(20)), at(7_000)),
                List.of("10 skipped 1 missed by more than the catch-up window of PT1H"),
                at(20));
        assertPlan(planner.plan(none, List.of(), since(at(20)), at(60)), List.of("10 skipped 1 " + DOES_NOT), at(20));
    }

    /** One that waits counts as one that is to come, so that no more fire than may. */
    @Test
    void countsTheRunThatWaits() {
        var stored = stored(schedule -> schedule.overlap(Overlap.BUFFER_ONE).remaining(1L));

        var plan = planner.plan(stored, List.of("earlier"), since(at(10)), at(10));
        assertThat(plan.next()).isEqualTo(new FiringPlan.Next(null, at(10), at(10).plusMillis(500)));
        assertThat(plan.remaining()).isEqualTo(1);

        var ended = planner.plan(stored.with(plan.progress()), List.of(), since(at(12)), at(12));
        assertPlan(ended, List.of("10 timed"), null);
        assertThat(ended.next().dueAt()).isNull();
        assertThat(ended.remaining()).isZero();
    }

    @Test
    void beginsAnewAfterAChangeByHand() {
        var stored = stored(schedule -> schedule);

        assertPlan(
                FiringPlanner.anew(stored, at(25)),
                List.of("10-20 skipped 2 the schedule was changed while this was due"),
                at(30));
        assertPlan(FiringPlanner.anew(stored, at(5)), List.of(), at(10));
        var ahead = stored.with(new Progress(at(50), null, at(40), 4)); // the clock was set back since
        assertPlan(FiringPlanner.anew(ahead, at(5)), List.of(), at(50));
    }

    /** The plan for a schedule that becomes due now, together with the one that follows when it only skips. */
    private FiringPlan plan(Instant now, UnaryOperator<Schedule.Builder> change) {
        var stored = stored(change);
        var plan = planner.plan(stored, List.of(), since(stored.dueAt(at(10))), now);
        return plan.emitted().isEmpty() && isDue(plan.next(), now) ? together(plan, next(plan, now)) : plan;
    }

    private static Look since(Instant dueAt) {
        return new Look(dueAt, false);
    }

    private FiringPlan next(FiringPlan plan, Instant now) {
        return planner.plan(
                plan.schedule().with(plan.progress()),
                List.of(),
                new Look(plan.next().dueAt(), plan.next().chosen()),
                now);
    }

    private static boolean isDue(FiringPlan.Next next, Instant now) {
        return next.dueAt() != null && !next.dueAt().isAfter(now);
    }

    private static FiringPlan together(FiringPlan skipping, FiringPlan then) {
        var firings = Stream.concat(skipping.firings().stream(), then.firings().stream())
                .toList();
        return new FiringPlan(skipping.schedule(), firings, then.next(), then.toRevoke(), then.known());
    }

    private static StoredSchedule stored(UnaryOperator<Schedule.Builder> change) {
        var schedule = change.apply(Schedule.named("test").task("demo.noop").every(Duration.ofSeconds(10)))
                .build();
        var created = new Signed(NOON, null);
        return new StoredSchedule("id", schedule, new Progress(at(10), null, null, 0), 1, created, created);
    }

    private static UnaryOperator<Schedule.Builder> with(CatchUpPolicy policy) {
        return schedule -> schedule.catchUp(new CatchUp(policy, CatchUp.DEFAULT.window()));
    }

    private static UnaryOperator<Schedule.Builder> with(CatchUpPolicy policy, int windowSeconds) {
        return schedule -> schedule.catchUp(new CatchUp(policy, Duration.ofSeconds(windowSeconds)));
    }

    private static Instant at(long seconds) {
        return NOON.plusSeconds(seconds);
    }

    private static void assertPlan(FiringPlan plan, List<String> firings, Instant next) {
        assertThat(plan.firings()).map(FiringPlannerTest::shown).isEqualTo(firings);
        assertThat(plan.next().fireAt()).isEqualTo(next);
    }

    private static String shown(ScheduleFiring firing) {
        var first = Duration.between(NOON, firing.fireTime()).toSeconds();
        var last = Duration.between(NOON, firing.fireUntil()).toSeconds();
        return first
                + (last == first ? "" : "-" + last)
                + " " + firing.kind().word()
                + (firing.kind() == FiringKind.SKIPPED ? " " + firing.count() + " " + firing.reason() : "");
    }
}

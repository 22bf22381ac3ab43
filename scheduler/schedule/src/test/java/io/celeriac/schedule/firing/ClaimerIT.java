package io.celeriac.schedule.firing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.groups.Tuple.tuple;

import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.schedule.Overlap;
import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.store.ScheduleFilter;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

class ClaimerIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static final CatchUp ALL = new CatchUp(CatchUpPolicy.ALL, Duration.ofDays(1));

    private final ScheduleDatabase database =
            new ScheduleDatabase(TestStack.createDatabase(), "&rewriteBatchedStatements=true");

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void movesOnWhatWasEmittedAndRecordsIt() {
        var schedule = database.create("a", each -> each.remaining(5L));
        assertThat(database.claim()).isEqualTo(new Claim(0, 0));
        database.clock.advance(Duration.ofSeconds(10));

        assertThat(database.claim()).isEqualTo(new Claim(1, 1));

        var due = NOON.plusSeconds(10);
        var after = database.stored("a");
        assertThat(after.progress()).isEqualTo(new StoredSchedule.Progress(NOON.plusSeconds(20), null, due, 1));
        assertThat(after.schedule().remaining()).isEqualTo(4);
        assertThat(after.version()).isEqualTo(2); // a firing that is counted down is a change
        assertThat(database.nextDue()).contains(NOON.plusSeconds(20));
        assertThat(history("a"))
                .containsExactly(ScheduleFiring.emitted(due, FiringKind.TIMED, schedule.taskId(due), due));
    }

    @Test
    void catchesUpOnceAfterADowntimeAndTellsWhatItSkipped() {
        database.create("a", each -> each);
        database.clock.advance(Duration.ofDays(1).plusSeconds(5));

        assertThat(database.claim()).isEqualTo(new Claim(2, 2)); // what is skipped, and what stands for it

        assertThat(history("a"))
                .extracting(ScheduleFiring::kind, ScheduleFiring::fireTime, ScheduleFiring::count)
                .containsExactly(
                        tuple(FiringKind.CAUGHT_UP, NOON.plus(Duration.ofDays(1)), 1L),
                        tuple(FiringKind.SKIPPED, NOON.plusSeconds(10), 8_639L));
        assertThat(database.claim()).isEqualTo(new Claim(0, 0));
    }

    /** A scheduler that dies between the broker's word and the commit: whoever comes next emits the same ids again. */
    @Test
    void leavesAllAsItWasWhenTheSchedulerDies() {
        database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(10));
        var before = database.stored("a");
        var ids = new ArrayList<String>();

        assertThatIllegalStateException()
                .isThrownBy(() -> database.claimer.claim(Instant.EPOCH, database.clock.instant(), 10, plans -> {
                    plans.forEach(plan -> ids.addAll(taskIds(plan)));
                    throw new IllegalStateException("killed");
                }));
        assertThat(database.stored("a")).isEqualTo(before);
        assertThat(history("a")).isEmpty();

        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 10, plans -> {
            plans.forEach(plan -> ids.addAll(taskIds(plan)));
            return plans;
        });

        assertThat(ids).hasSize(2).containsOnly(before.taskId(NOON.plusSeconds(10)));
    }

    @Test
    void leavesDueWhatTheBrokerDidNotTake() {
        database.create("a", each -> each);
        database.create("b", each -> each);
        database.clock.advance(Duration.ofSeconds(10));

        var claim = database.claimer.claim(
                Instant.EPOCH,
                database.clock.instant(),
                10,
                plans -> plans.stream()
                        .filter(plan -> plan.schedule().schedule().name().equals("b"))
                        .toList());

        assertThat(claim).isEqualTo(new Claim(2, 1));
        assertThat(database.nextDue()).contains(NOON.plusSeconds(11)); // out of the way of others
        assertThat(database.stored("a").progress().nextFireAt()).isEqualTo(NOON.plusSeconds(10));
        assertThat(history("a")).isEmpty();
        assertThat(history("b")).hasSize(1);
    }

    @Test
    void doesNotFireAgainWhenTheClockIsSetBack() {
        database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(30));
        database.claim();
        var fired = history("a");

        database.clock.advance(Duration.ofSeconds(-25));
        for (var second = 0; second < 30; second++) {
            assertThat(database.claim()).isEqualTo(new Claim(0, 0));
            database.clock.advance(Duration.ofSeconds(1));
        }

        assertThat(history("a")).isEqualTo(fired);
    }

    @Test
    void plansARowThatWasWrittenByHand() {
        database.jdbc
                .sql("INSERT INTO schedule (name, task, kind, spec, start_at)"
                        + " VALUES ('sql', 'demo.add', 'interval', '{\"every\": \"PT1M\"}', '2026-01-31 11:59:30')")
                .update();

        assertThat(database.claim()).isEqualTo(new Claim(1, 1));
        assertThat(database.stored("sql").progress().nextFireAt()).isEqualTo(NOON.plusSeconds(30));
        assertThat(history("sql")).isEmpty();

        database.jdbc.sql("UPDATE schedule SET spec = '{\"every\":\"PT7S\"}'").update();
        database.claim();
        assertThat(database.stored("sql").progress().nextFireAt()).isEqualTo(NOON.plusSeconds(5));

        database.jdbc.sql("UPDATE schedule SET enabled = FALSE").update();
        assertThat(database.nextDue()).isEmpty();
    }

    @Test
    void setsAsideARowThatCannotBeRead() {
        database.create("good", each -> each);
        database.jdbc
                .sql(
                        "INSERT INTO schedule (name, task, kind, spec) VALUES ('bad', 't', 'interval', '{\"every\":\"3s\"}')")
                .update();
        database.clock.advance(Duration.ofSeconds(10));

        assertThat(database.claim()).isEqualTo(new Claim(2, 2));

        assertThat(database.nextDue()).contains(NOON.plusSeconds(20));
        assertThat(database.jdbc
                        .sql("SELECT reason FROM schedule_firing WHERE kind = 'skipped'")
                        .query(String.class)
                        .list())
                .containsExactly("every must be an ISO-8601 duration such as PT30S, but is \"3s\"");
    }

    /**
     * A scheduler dies after the broker had the task and before its commit, and comes back when the workers have long forgotten the
     * id. The task must not be sent again, and the firing must be in the history as one that has a task.
     */
    @Test
    void doesNotSendAgainALateRunWhoseTaskIsThere() {
        var schedule = database.create("a", each -> each.catchUp(ALL));
        var there = List.of(schedule.taskId(NOON.plusSeconds(10)), schedule.taskId(NOON.plusSeconds(30)));
        there.forEach(id -> database.states.put(id, TaskState.SUCCESS));
        database.clock.advance(Duration.ofMinutes(30));
        var sent = new ArrayList<String>();

        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 1, plans -> {
            plans.forEach(plan -> plan.toSend().forEach(firing -> sent.add(firing.taskId())));
            return plans;
        });

        assertThat(sent).hasSize(99).doesNotContainAnyElementsOf(there);
        assertThat(history("a"))
                .last()
                .extracting(ScheduleFiring::kind, ScheduleFiring::taskId, ScheduleFiring::reason)
                .containsExactly(
                        FiringKind.CAUGHT_UP, schedule.taskId(NOON.plusSeconds(10)), "its task was there already");
        assertThat(database.stored("a").progress().totalFires()).isEqualTo(101);
    }

    /**
     * A scheduler dies after the broker had the task and before its commit, and the next one comes when the firing is missed. By the
     * policy a later one would stand for it; but it was sent, so it is told as emitted and counts.
     */
    @Test
    void tellsARunAsEmittedThatWasSentAndNotCommitted() {
        var schedule = database.create("a", each -> each.remaining(2L).overlap(Overlap.SKIP));
        var first = schedule.taskId(NOON.plusSeconds(10));
        database.states.put(first, TaskState.STARTED);
        database.clock.advance(Duration.ofSeconds(25));

        database.claim();

        assertThat(history("a"))
                .extracting(ScheduleFiring::kind, ScheduleFiring::fireTime)
                .containsExactly(
                        tuple(FiringKind.SKIPPED, NOON.plusSeconds(20)),
                        tuple(FiringKind.CAUGHT_UP, NOON.plusSeconds(10)));
        assertThat(database.stored("a").schedule().remaining()).isEqualTo(1);
        assertThat(database.stored("a").progress().lastFireAt()).isEqualTo(NOON.plusSeconds(10));
    }

    /** The next scheduler comes when there are later firings to stand for what was missed, and tells of those that were sent all the same. */
    @Test
    void tellsRunsAsEmittedThatWereSentInACatchUpAndNotCommitted() {
        var schedule = database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(65));
        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 500, plans -> plans); // what it skips
        var sent = sendAndDie();
        database.clock.advance(Duration.ofHours(1));

        database.claim();

        var last = NOON.plusSeconds(3_660);
        assertThat(sent).containsExactly(schedule.taskId(NOON.plusSeconds(60)));
        assertThat(history("a"))
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::kind, ScheduleFiring::count)
                .containsExactly(
                        tuple(last, FiringKind.CAUGHT_UP, 1L),
                        tuple(NOON.plusSeconds(70), FiringKind.SKIPPED, 359L),
                        tuple(NOON.plusSeconds(60), FiringKind.CAUGHT_UP, 1L),
                        tuple(NOON.plusSeconds(10), FiringKind.SKIPPED, 5L));
    }

    /** However long the broker is away, what is skipped is told once, and the firing that stands for it is the one that is sent. */
    @Test
    void staysWithTheRunThatStandsForThoseMissedWhileTheBrokerIsAway() {
        database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(65));
        for (var turn = 0; turn < 5; turn++) {
            database.claimer.claim(
                    Instant.EPOCH,
                    database.clock.instant(),
                    500,
                    plans -> plans.stream()
                            .filter(plan -> plan.toSend().isEmpty())
                            .toList());
            database.clock.advance(Duration.ofSeconds(30));
        }
        assertThat(history("a"))
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::kind, ScheduleFiring::count)
                .containsExactly(tuple(NOON.plusSeconds(10), FiringKind.SKIPPED, 5L));

        database.claim();
        assertThat(history("a"))
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::kind)
                .contains(tuple(NOON.plusSeconds(60), FiringKind.CAUGHT_UP));
    }

    @Test
    void tellsAllRunsAsEmittedThatWereSentAtOnceAndNotCommitted() {
        database.create("a", each -> each.every(Duration.ofMillis(300)));
        database.clock.advance(Duration.ofMillis(950));
        var sent = sendAndDie();
        database.clock.advance(Duration.ofHours(1));

        database.claim();

        assertThat(sent).hasSize(3);
        assertThat(history("a"))
                .filteredOn(firing -> firing.fireTime().isBefore(NOON.plusSeconds(1)))
                .extracting(ScheduleFiring::taskId)
                .containsExactlyInAnyOrderElementsOf(sent);
    }

    /** Of some that were sent together one may not have got there, so that behind a firing without a task there is one with. */
    @Test
    void tellsRunsAsEmittedThatWereSentBehindOneThatWasNot() {
        var schedule = database.create("a", each -> each.every(Duration.ofMillis(300)));
        database.clock.advance(Duration.ofMillis(1_250));
        var sent = sendAndDie();
        assertThat(sent).hasSize(4);
        database.states.remove(sent.get(1));
        database.clock.advance(Duration.ofHours(1));

        database.claim();

        assertThat(history("a"))
                .filteredOn(firing -> firing.fireTime().isBefore(NOON.plusMillis(1_500)))
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::taskId, ScheduleFiring::count)
                .containsExactly(
                        tuple(NOON.plusMillis(1_200), sent.get(3), 1L),
                        tuple(NOON.plusMillis(900), sent.get(2), 1L),
                        tuple(NOON.plusMillis(600), null, 1L),
                        tuple(NOON.plusMillis(300), sent.get(0), 1L));
        assertThat(database.stored("a").progress().totalFires()).isEqualTo(4);
        assertThat(database.stored("a").progress().lastFireAt()).isEqualTo(NOON.plusMillis(3_601_200));
        assertThat(schedule.taskId(NOON.plusMillis(300))).isEqualTo(sent.get(0));
    }

    /** The firing for which others had made way: by the next turn another would take its place. */
    @Test
    void tellsARunAsEmittedThatTookThePlaceOfOthersAndWasNotCommitted() {
        database.create("a", each -> each.catchUp(ALL).overlap(Overlap.CANCEL_OTHER));
        database.clock.advance(Duration.ofSeconds(35));
        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 500, plans -> plans); // what it skips
        var sent = sendAndDie();
        database.states.put(sent.get(0), TaskState.STARTED);
        database.clock.advance(Duration.ofSeconds(10));

        database.claim();

        assertThat(history("a"))
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::taskId)
                .containsExactly(tuple(NOON.plusSeconds(30), sent.get(0)), tuple(NOON.plusSeconds(10), null));
        assertThat(database.stored("a").progress().bufferedFireAt()).isEqualTo(NOON.plusSeconds(40));
    }

    /** Emits what is due and dies before it can write that down; the tasks are run. Answers their ids. */
    private List<String> sendAndDie() {
        var sent = new ArrayList<String>();
        assertThatIllegalStateException()
                .isThrownBy(() -> database.claimer.claim(Instant.EPOCH, database.clock.instant(), 500, plans -> {
                    plans.forEach(plan -> sent.addAll(taskIds(plan)));
                    throw new IllegalStateException("killed");
                }));
        sent.forEach(id -> database.states.put(id, TaskState.SUCCESS));
        return sent;
    }

    @Test
    void doesNotFireAOneOffAgainThatWasSentAndNotCommitted() {
        var schedule = database.create("a", each -> each.oneOff(true));
        database.states.put(schedule.taskId(NOON.plusSeconds(10)), TaskState.SUCCESS);
        database.clock.advance(Duration.ofSeconds(25));

        database.claim();

        assertThat(history("a")).singleElement().matches(ScheduleFiring::isEmitted);
        assertThat(database.nextDue()).isEmpty();
    }

    @Test
    void mindsAnEarlierRunThatBeganWhenTheyMightOverlap() {
        var schedule = database.create("a", each -> each);
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();
        database.states.put(schedule.taskId(NOON.plusSeconds(10)), TaskState.STARTED);
        database.jdbc.sql("UPDATE schedule SET overlap = 'skip'").update();
        database.clock.advance(Duration.ofSeconds(10));

        database.claim();

        assertThat(history("a").get(0).kind()).isEqualTo(FiringKind.SKIPPED);
    }

    @Test
    void firesAgainWhenARowThatCouldNotBeReadIsMended() {
        database.create("a", each -> each);
        database.jdbc.sql("UPDATE schedule SET kwargs = 'null'").update();
        database.create("good", each -> each);
        database.clock.advance(Duration.ofSeconds(10));
        assertThat(database.claim()).isEqualTo(new Claim(2, 2));
        assertThat(history("good")).hasSize(1);

        database.jdbc.sql("UPDATE schedule SET kwargs = '{}'").update();
        database.clock.advance(Duration.ofSeconds(30));
        database.claim();

        assertThat(history("a").get(0).isEmitted()).isTrue();
    }

    @Test
    void catchesUpOnAnInstantThatPassedBeforeItsRowWasSeen() {
        database.jdbc
                .sql(
                        "INSERT INTO schedule (name, task, kind, spec, created_at)"
                                + " VALUES ('sql', 'demo.add', 'clocked', '{\"at\": \"2026-01-31T12:00:03Z\"}', '2026-01-31 12:00:00')")
                .update();
        database.clock.advance(Duration.ofSeconds(10));

        database.claim();

        assertThat(history("sql")).extracting(ScheduleFiring::kind).containsExactly(FiringKind.CAUGHT_UP);
    }

    /** One scheduler emits, another decides: what runs has to be known to both, by the tables alone. */
    @Test
    void decidesByResultsWhetherAnEarlierRunHasEnded() {
        var schedule = database.create("a", each -> each.overlap(Overlap.BUFFER_ONE));
        var first = schedule.taskId(NOON.plusSeconds(10));
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();

        database.clock.advance(Duration.ofSeconds(10));
        database.claim(); // nothing is known of the first: it counts as running
        assertThat(database.stored("a").progress().bufferedFireAt()).isEqualTo(NOON.plusSeconds(20));
        assertThat(database.nextDue()).contains(NOON.plusSeconds(20).plusMillis(500));
        database.states.put(first, TaskState.STARTED);
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();
        assertThat(history("a"))
                .extracting(ScheduleFiring::kind, ScheduleFiring::fireTime)
                .containsExactly(
                        tuple(FiringKind.SKIPPED, NOON.plusSeconds(30)), tuple(FiringKind.TIMED, NOON.plusSeconds(10)));

        database.states.put(first, TaskState.FAILURE);
        database.clock.advance(Duration.ofSeconds(1));
        database.claim();
        assertThat(history("a"))
                .anyMatch(firing -> firing.fireTime().equals(NOON.plusSeconds(20)) && firing.isEmitted());
        assertThat(database.stored("a").progress().bufferedFireAt()).isNull();
        assertThat(unfinished()).containsExactly(schedule.taskId(NOON.plusSeconds(20)));
    }

    @Test
    void takesATaskForEndedOfWhichNothingIsKnownForLong() {
        database.create("a", each -> each.every(Duration.ofMinutes(50)).overlap(Overlap.SKIP));
        database.clock.advance(Duration.ofMinutes(50));
        database.claim();
        database.clock.advance(Duration.ofMinutes(50));
        database.claim();
        assertThat(history("a").get(0).kind()).isEqualTo(FiringKind.SKIPPED);

        database.clock.advance(Duration.ofMinutes(50));
        database.claim();
        assertThat(history("a").get(0).kind()).isEqualTo(FiringKind.TIMED);
    }

    @Test
    void takesATaskForEndedWhoseEndIsNotToldForVeryLong() {
        var schedule =
                database.create("a", each -> each.every(Duration.ofDays(4)).overlap(Overlap.SKIP));
        database.clock.advance(Duration.ofDays(4));
        database.claim();
        database.states.put(schedule.taskId(NOON.plus(Duration.ofDays(4))), TaskState.STARTED);
        database.clock.advance(Duration.ofDays(4));
        database.claim();
        assertThat(history("a").get(0).kind()).isEqualTo(FiringKind.SKIPPED);

        database.clock.advance(Duration.ofDays(4));
        database.claim();
        assertThat(history("a").get(0).kind()).isEqualTo(FiringKind.TIMED);
    }

    /** Such as by a trigger of somebody's. The others of the batch are not to wait for it, nor are they to be emitted anew for ever. */
    @Test
    void setsAsideTheRowsThatTheDatabaseDoesNotLetBeWritten() {
        IntStream.range(0, 7).forEach(i -> database.create("good" + i, each -> each));
        IntStream.range(0, 2).forEach(i -> database.create("bad" + i, each -> each));
        database.jdbc.sql("""
                        CREATE TRIGGER refuse BEFORE UPDATE ON schedule FOR EACH ROW
                        IF NEW.total_fires > 0 AND NEW.name LIKE 'bad%' THEN
                          SIGNAL SQLSTATE '23000' SET MESSAGE_TEXT = 'not this one';
                        END IF""").update();
        database.clock.advance(Duration.ofSeconds(10));

        assertThat(database.claim()).isEqualTo(new Claim(9, 9));

        IntStream.range(0, 7).forEach(i -> assertThat(history("good" + i)).hasSize(1));
        assertThat(history("bad0"))
                .singleElement()
                .extracting(ScheduleFiring::reason)
                .asString()
                .startsWith("the database refuses what is to be written: ")
                .endsWith("not this one");
        assertThat(database.nextDue()).contains(NOON.plusSeconds(20));

        database.jdbc.sql("DROP TRIGGER refuse").update();
        database.clock.advance(Duration.ofSeconds(30));
        database.claim();
        assertThat(history("bad0").get(0).isEmitted()).isTrue();
    }

    @Test
    void setsAsideARowWithADateThatIsNone() {
        database.create("good", each -> each);
        database.create("bad", each -> each);
        database.create("worse", each -> each);
        database.jdbc
                .sql("UPDATE IGNORE schedule SET last_fire_at = '0000-00-00' WHERE name = 'bad'")
                .update();
        database.jdbc
                .sql("UPDATE IGNORE schedule SET start_at = '0000-00-00' WHERE name = 'worse'")
                .update();
        database.clock.advance(Duration.ofSeconds(10));

        assertThat(database.claim()).isEqualTo(new Claim(3, 3));

        assertThat(history("good")).hasSize(1);
        assertThat(database.jdbc
                        .sql("SELECT COUNT(*) FROM schedule_firing WHERE kind = 'skipped'")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThat(database.claim()).isEqualTo(new Claim(0, 0));
    }

    @Test
    void putsNoMoreRunsIntoATransactionThanAreGoodForIt() {
        IntStream.range(0, 12).forEach(i -> database.create("a" + i, each -> each.catchUp(ALL)));
        database.clock.advance(Duration.ofMinutes(30)); // 180 firings of each were missed, of which a plan holds 100
        var sent = new ArrayList<Integer>();

        while (database.claimer
                        .claim(Instant.EPOCH, database.clock.instant(), 500, plans -> {
                            sent.add(plans.stream()
                                    .mapToInt(plan -> plan.toSend().size())
                                    .sum());
                            return plans;
                        })
                        .claimed()
                > 0) {}

        assertThat(sent).allMatch(firings -> firings <= 1_099);
        assertThat(sent.stream().mapToInt(firings -> firings).sum()).isEqualTo(12 * 180);
    }

    @Test
    void asksForTheEarlierRunToBeRevoked() {
        var schedule = database.create("a", each -> each.overlap(Overlap.CANCEL_OTHER));
        database.clock.advance(Duration.ofSeconds(10));
        database.clock.advance(Duration.ofMillis(40)); // late: it is emitted after its fire time
        database.claim();
        database.clock.advance(Duration.ofSeconds(10));
        var revoked = new ArrayList<String>();

        for (var turn = 0; turn < 2; turn++) {
            database.claimer.claim(Instant.EPOCH, database.clock.instant(), 10, plans -> {
                plans.forEach(plan -> revoked.addAll(plan.toRevoke()));
                assertThat(plans).allMatch(plan -> plan.toSend().isEmpty());
                return plans;
            });
            database.clock.advance(Duration.ofMillis(500));
        }

        assertThat(revoked).containsExactly(schedule.taskId(NOON.plusSeconds(10)));
        database.states.put(revoked.get(0), TaskState.REVOKED);
        database.claim();
        assertThat(history("a").get(0).fireTime()).isEqualTo(NOON.plusSeconds(20));
    }

    @Test
    void forgetsTheRunsOfAScheduleThatIsDeleted() {
        database.create("a", each -> each.overlap(Overlap.SKIP));
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();
        assertThat(unfinished()).hasSize(1);

        database.schedules.delete("a", null);

        assertThat(unfinished()).isEmpty();
    }

    @Test
    void takesUpAJitterThatWasWrittenByHand() {
        var schedule = database.create("a", each -> each);
        database.jdbc.sql("UPDATE schedule SET jitter = 'PT8S'").update();
        assertThat(database.claim()).isEqualTo(new Claim(1, 1));

        var stored = database.stored("a");
        assertThat(stored.schedule().jitter()).isEqualTo(Duration.ofSeconds(8));
        assertThat(database.nextDue()).contains(stored.dueAt(NOON.plusSeconds(10)));
        assertThat(stored.taskId(NOON.plusSeconds(10))).isEqualTo(schedule.taskId(NOON.plusSeconds(10)));
    }

    @Test
    void deletesHistoryThatIsTooOld() {
        database.create("a", each -> each.every(Duration.ofDays(10)));
        for (var time = 0; time < 5; time++) {
            database.clock.advance(Duration.ofDays(10));
            database.claim();
        }
        assertThat(history("a")).hasSize(5);

        database.janitor.look();

        assertThat(history("a"))
                .extracting(ScheduleFiring::fireTime)
                .containsExactly(
                        NOON.plus(Duration.ofDays(50)),
                        NOON.plus(Duration.ofDays(40)),
                        NOON.plus(Duration.ofDays(30)),
                        NOON.plus(Duration.ofDays(20)));
    }

    /**
     * A scheduler sends a task, its commit does not come, and another is back sooner than the results tell of that task. What
     * is skipped by policy might have been sent: nothing is told before the results know all that was sent.
     */
    @Test
    void tellsNoMissedRunAsSkippedBeforeTheResultsKnowWhatWasSent() {
        for (var policy : List.of(CatchUpPolicy.NONE, CatchUpPolicy.LAST)) {
            var name = policy.word();
            var schedule = database.create(name, each -> each.catchUp(new CatchUp(policy, Duration.ofDays(1))));
            database.clock.advance(Duration.ofSeconds(10));
            var due = database.clock.instant();
            sendAndDie();
            database.states.clear();
            database.resultsAreUpToDate = false;
            database.clock.advance(Duration.ofSeconds(15));

            database.claim();
            assertThat(history(name)).isEmpty();

            database.states.put(schedule.taskId(due), TaskState.SUCCESS);
            database.resultsAreUpToDate = true;
            database.clock.advance(Duration.ofSeconds(1));
            database.claim();
            assertThat(history(name))
                    .filteredOn(firing -> firing.fireTime().equals(due))
                    .singleElement()
                    .matches(ScheduleFiring::isEmitted);
            database.schedules.delete(name, null);
        }
    }

    @Test
    void goesOnAndSaysSoWhenTheResultsDoNotTellForLong() {
        database.create("a", each -> each.catchUp(new CatchUp(CatchUpPolicy.NONE, Duration.ofDays(1))));
        database.resultsAreUpToDate = false;
        database.clock.advance(Duration.ofSeconds(15));
        assertThat(database.schedules.waitsForResultsSince("a")).isEmpty();
        database.claim();
        assertThat(database.schedules.waitsForResultsSince("a")).isPresent();
        database.jdbc
                .sql("UPDATE schedule SET asked_at = asked_at - INTERVAL 2 MINUTE")
                .update();
        database.clock.advance(Duration.ofSeconds(1));

        database.claim();

        assertThat(database.schedules.waitsForResultsSince("a")).isEmpty();
        assertThat(history("a"))
                .singleElement()
                .extracting(ScheduleFiring::reason)
                .isEqualTo("missed, and the schedule does not catch up;"
                        + " the results did not tell in time whether it was sent");
    }

    /** The firing waited for an earlier one, was sent, and not committed: it has fired, whatever the policy says of missed ones. */
    @Test
    void tellsARunAsEmittedThatWaitedAndWasSentAndNotCommitted() {
        var schedule = database.create(
                "a",
                each -> each.every(Duration.ofHours(1))
                        .overlap(Overlap.BUFFER_ONE)
                        .remaining(5L)
                        .catchUp(new CatchUp(CatchUpPolicy.NONE, Duration.ofDays(1))));
        var first = NOON.plus(Duration.ofHours(1));
        var second = NOON.plus(Duration.ofHours(2));
        database.clock.advance(Duration.ofHours(1));
        database.claim();
        database.states.put(schedule.taskId(first), TaskState.STARTED);
        database.clock.advance(Duration.ofHours(1));
        database.claim();
        assertThat(database.stored("a").progress().bufferedFireAt()).isEqualTo(second);
        database.states.put(schedule.taskId(first), TaskState.SUCCESS);
        database.clock.advance(Duration.ofSeconds(1));
        assertThat(sendAndDie()).containsExactly(schedule.taskId(second));
        database.clock.advance(Duration.ofSeconds(10));

        database.claim();

        assertThat(history("a").get(0))
                .extracting(ScheduleFiring::fireTime, ScheduleFiring::kind, ScheduleFiring::taskId)
                .containsExactly(second, FiringKind.TIMED, schedule.taskId(second));
        var after = database.stored("a");
        assertThat(after.progress())
                .isEqualTo(new StoredSchedule.Progress(NOON.plus(Duration.ofHours(3)), null, second, 2));
        assertThat(after.schedule().remaining()).isEqualTo(3);
    }

    /** Of a table that is full, no schedule is at fault: none is paused or told as skipped, and nothing is sent again. */
    @Test
    void takesAnErrorOfTheServerForNoFaultOfARow() {
        IntStream.range(0, 5).forEach(i -> database.create("a" + i, each -> each));
        database.jdbc.sql("""
                        CREATE TRIGGER full BEFORE UPDATE ON schedule FOR EACH ROW
                        IF NEW.total_fires > 0 THEN
                          SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = 'The table is full';
                        END IF""").update();
        database.clock.advance(Duration.ofSeconds(10));
        var sent = new ArrayList<String>();

        for (var turn = 0; turn < 3; turn++) {
            assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> claimAndSend(sent));
        }
        assertThat(sent).hasSize(5);
        IntStream.range(0, 5).forEach(i -> assertThat(history("a" + i)).isEmpty());

        database.jdbc.sql("DROP TRIGGER full").update();
        database.clock.advance(Duration.ofMinutes(1));
        claimAndSend(sent);
        IntStream.range(0, 5)
                .forEach(i -> assertThat(history("a" + i))
                        .last()
                        .extracting(ScheduleFiring::kind, ScheduleFiring::fireTime)
                        .containsExactly(FiringKind.CAUGHT_UP, NOON.plusSeconds(10)));
        assertThat(sent).doesNotHaveDuplicates();
    }

    @Test
    void sendsNothingAgainForTheSakeOfARowThatTheDatabaseRefuses() {
        IntStream.range(0, 7).forEach(i -> database.create("good" + i, each -> each));
        database.create("bad", each -> each);
        database.jdbc.sql("""
                        CREATE TRIGGER refuse BEFORE UPDATE ON schedule FOR EACH ROW
                        IF NEW.total_fires > 0 AND NEW.name = 'bad' THEN
                          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one';
                        END IF""").update();
        database.clock.advance(Duration.ofSeconds(10));
        var sent = new ArrayList<String>();

        claimAndSend(sent);

        assertThat(sent).hasSize(8).doesNotHaveDuplicates();
        assertThat(history("bad").get(0).kind()).isEqualTo(FiringKind.SKIPPED);
    }

    /** The broker has not answered, and may have the task or not: until it is known, nothing is told of its firing. */
    @Test
    void tellsNothingOfARunThatIsUnderway() {
        var schedule = database.create("a", each -> each.catchUp(new CatchUp(CatchUpPolicy.NONE, Duration.ofDays(1))));
        database.clock.advance(Duration.ofSeconds(10));
        var receipt = new CompletableFuture<String>();
        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 500, plans -> {
            plans.forEach(plan -> taskIds(plan).forEach(id -> database.sent.send(id, () -> receipt)));
            return List.of();
        });
        database.clock.advance(Duration.ofSeconds(5));
        database.claim();
        assertThat(history("a")).isEmpty();

        receipt.complete("there");
        database.clock.advance(Duration.ofSeconds(2));
        database.claim();

        assertThat(history("a"))
                .extracting(ScheduleFiring::taskId)
                .containsExactly(schedule.taskId(NOON.plusSeconds(10)));
    }

    /** The first of those that were sent together has got there, and of the second nobody knows yet. */
    @Test
    void tellsNothingOfARunThatIsUnderwayBehindOneThatWasTaken() {
        database.create("a", each -> each.every(Duration.ofMillis(300)));
        database.clock.advance(Duration.ofMillis(950));
        var receipts = List.of(
                CompletableFuture.completedFuture("there"),
                CompletableFuture.<String>failedFuture(new IllegalStateException("sick")),
                new CompletableFuture<String>());
        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 500, plans -> {
            var ids = taskIds(plans.get(0));
            IntStream.range(0, 3).forEach(i -> database.sent.send(ids.get(i), () -> receipts.get(i)));
            return List.of();
        });
        database.clock.advance(Duration.ofSeconds(5));
        database.claim();
        assertThat(history("a")).isEmpty();

        receipts.get(2).complete("there");
        database.clock.advance(Duration.ofSeconds(2));
        database.claim();

        assertThat(history("a"))
                .filteredOn(firing -> firing.fireTime().isBefore(NOON.plusSeconds(1)))
                .extracting(ScheduleFiring::isEmitted)
                .containsExactly(true, false, true);
    }

    /** Not even that it is paused: the others do not wait for it. */
    @Test
    void passesOverARowOfWhichTheDatabaseLetsNothingBeWritten() {
        IntStream.range(0, 3).forEach(i -> database.create("good" + i, each -> each));
        database.create("bad", each -> each.startAt(NOON.plusSeconds(1))); // due first
        database.jdbc.sql("""
                        CREATE TRIGGER refuse BEFORE UPDATE ON schedule FOR EACH ROW
                        IF OLD.name = 'bad' THEN
                          SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one';
                        END IF""").update();
        database.clock.advance(Duration.ofSeconds(10));

        database.claim();

        IntStream.range(0, 3)
                .forEach(i -> assertThat(history("good" + i)).singleElement().matches(ScheduleFiring::isEmitted));
        assertThat(history("bad").get(0).reason()).endsWith("not this one");
        database.jdbc.sql("DROP TRIGGER refuse").update();
        database.clock.advance(Duration.ofSeconds(31));
        database.claim();
        assertThat(history("bad").get(0).isEmitted()).isTrue();
    }

    /** As many as a batch holds would not fit into the memory. */
    @Test
    void claimsLargeSchedulesAFewAtATime() {
        IntStream.range(0, 12)
                .forEach(i -> database.create("a" + i, each -> each.task("demo.noop", "x".repeat(900_000))));
        database.clock.advance(Duration.ofSeconds(10));

        assertThat(database.claimer
                        .claim(Instant.EPOCH, database.clock.instant(), 500, plans -> plans)
                        .claimed())
                .isEqualTo(5);
        assertThat(database.claim()).isEqualTo(new Claim(7, 7));

        var first = database.schedules.list(ScheduleFilter.ALL, "", 50);
        assertThat(first.items()).hasSize(5);
        assertThat(first.cursor()).isEqualTo(first.items().get(4).name());
    }

    /** The database's clock was set back, or a person wrote it: it does not wait until then. */
    @Test
    void doesNotWaitForResultsSinceATimeThatIsToCome() {
        database.create("a", each -> each.catchUp(new CatchUp(CatchUpPolicy.NONE, Duration.ofDays(1))));
        database.jdbc.sql("UPDATE schedule SET asked_at = '9999-01-01'").update();
        database.resultsAreUpToDate = false;
        database.clock.advance(Duration.ofSeconds(15));
        database.claim();
        database.jdbc
                .sql("UPDATE schedule SET asked_at = asked_at - INTERVAL 2 MINUTE")
                .update();
        database.clock.advance(Duration.ofSeconds(1));

        database.claim();

        assertThat(history("a")).hasSize(1);
    }

    /** As the program does: what was sent is not sent again. */
    private void claimAndSend(List<String> sent) {
        database.claimer.claim(Instant.EPOCH, database.clock.instant(), 500, plans -> {
            plans.forEach(plan -> plan.toSend().forEach(firing -> {
                var id = Objects.requireNonNull(firing.taskId());
                database.sent.send(id, () -> {
                    sent.add(id);
                    return CompletableFuture.completedFuture(id);
                });
            }));
            return plans;
        });
    }

    @Test
    void saysThatAnInstantHadPassedWhenItsRowWasWritten() {
        database.jdbc
                .sql(
                        "INSERT INTO schedule (name, task, kind, spec, created_at)"
                                + " VALUES ('past', 'demo.add', 'clocked', '{\"at\": \"2026-01-31T11:00:00Z\"}', '2026-01-31 12:00:00'),"
                                + " ('now', 'demo.add', 'clocked', '{\"at\": \"2026-01-31T11:59:30Z\"}', '2026-01-31 12:00:00')")
                .update();

        database.claim();

        assertThat(history("past"))
                .singleElement()
                .extracting(ScheduleFiring::reason)
                .asString()
                .startsWith("when the schedule was written, it had passed");
        assertThat(history("now")).singleElement().matches(ScheduleFiring::isEmitted);
    }

    private List<String> unfinished() {
        return database.jdbc
                .sql("SELECT task_id FROM schedule_unfinished_firing")
                .query(String.class)
                .list();
    }

    /** Two schedulers race over thousands of due schedules: each firing must be emitted by exactly one of them. */
    @Test
    void givesEachRunToOneOfTwoRacingSchedulers() {
        var count = 4_000;
        var names = IntStream.range(0, count).mapToObj(i -> "s" + i).toList();
        names.forEach(name -> database.create(name, each -> each));
        database.clock.advance(Duration.ofSeconds(10));
        var emitted = new ConcurrentLinkedQueue<String>();

        var racers = IntStream.range(0, 2)
                .mapToObj(
                        racer -> CompletableFuture.supplyAsync(() -> claimAll(emitted), run -> new Thread(run).start()))
                .toList();
        var shares = racers.stream().map(CompletableFuture::join).toList();

        assertThat(emitted).hasSize(count).doesNotHaveDuplicates();
        assertThat(shares)
                .allMatch(share -> share > 0)
                .matches(all -> all.stream().mapToInt(i -> i).sum() == count);
        assertThat(database.jdbc
                        .sql("SELECT COUNT(*) FROM schedule_firing")
                        .query(Integer.class)
                        .single())
                .isEqualTo(count);
        assertThat(database.nextDue()).contains(NOON.plusSeconds(20));
    }

    private int claimAll(ConcurrentLinkedQueue<String> emitted) {
        var claimed = 0;
        while (database.nextDue()
                .filter(due -> !due.isAfter(database.clock.instant()))
                .isPresent()) {
            claimed += database.claimer
                    .claim(Instant.EPOCH, database.clock.instant(), 100, plans -> {
                        plans.forEach(plan -> emitted.addAll(taskIds(plan)));
                        return plans;
                    })
                    .claimed();
        }
        return claimed;
    }

    private static List<String> taskIds(FiringPlan plan) {
        return plan.emitted().stream().map(ScheduleFiring::taskId).toList();
    }

    private List<ScheduleFiring> history(String name) {
        return database.schedules.firings(name, 200, null).orElseThrow().items();
    }
}

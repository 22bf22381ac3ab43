package io.celeriac.schedule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.groups.Tuple.tuple;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.schedule.CatchUpPolicy;
import io.celeriac.contract.task.Task;
import io.celeriac.schedule.CatchUp;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.schedule.ScheduleRow;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.schedule.rule.Crontab;
import io.celeriac.schedule.rule.Interval;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import io.celeriac.schedule.store.ScheduleChange.Deleted;
import io.celeriac.schedule.store.ScheduleChange.Missing;
import io.celeriac.schedule.store.ScheduleChange.NameTaken;
import io.celeriac.schedule.store.ScheduleChange.Saved;
import io.celeriac.schedule.store.ScheduleChange.Stale;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.PessimisticLockingFailureException;

class SchedulesIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final ScheduleDatabase database = new ScheduleDatabase(TestStack.createDatabase(), "");

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void keepsEveryField() {
        var schedule = Schedule.named("all.of-it:1")
                .task(TaskTemplate.of(
                        "mail",
                        Task.named("email.send")
                                .args(1, "zwei", null)
                                .kwarg("to", "ünï@例え.jp")
                                .priority(9)
                                .label("tenant", "a")
                                .build()))
                .every(Duration.ofMillis(1_500))
                .timezone(ZoneId.of("Europe/Berlin"))
                .startAt(Instant.parse("2026-03-29T01:30:00.123456Z"))
                .endAt(Instant.parse("9999-12-31T23:59:59.999999Z"))
                .catchUp(new CatchUp(CatchUpPolicy.ALL, Duration.ofHours(2)))
                .enabled(false)
                .oneOff(true)
                .remaining(7L)
                .expiresAfter(Duration.ofMinutes(3))
                .description("why")
                .note("till Monday")
                .build();

        var saved = (Saved) database.schedules.create(schedule, "ada");

        assertThat(database.stored("all.of-it:1")).isEqualTo(saved.schedule());
        assertThat(saved.schedule().schedule()).isEqualTo(schedule);
        assertThat(saved.schedule().progress().nextFireAt()).isEqualTo("2026-03-29T01:30:00.123456Z");
        assertThat(saved.schedule().updated().by()).isEqualTo("ada");
    }

    /** The collation pads what it compares with spaces; a name is the same only byte for byte. */
    @Test
    void takesNoNameForAnotherThatIsPadded() {
        database.create("pad", each -> each);

        assertThat(database.schedules.delete("pad ", null)).isEqualTo(new Missing());
        assertThat(database.schedules.look("pad ")).isEmpty();
        assertThat(database.schedules.look("PAD")).isEmpty();
        assertThat(database.schedules.look("pad")).isPresent();
    }

    /** What of it is JSON for one server is not for the other: how deep arguments may be is not the database's to say. */
    @Test
    void keepsArgumentsThatAreNestedDeeperThanTheDatabaseKnows() {
        var deep = TaskJson.MAPPER.readTree("[".repeat(40) + "]".repeat(40));

        database.create("deep", each -> each.task("demo.noop", deep));

        assertThat(database.stored("deep").schedule().template().args()).containsExactly(deep);
    }

    @Test
    void keepsTheFirstAndTheLastInstant() {
        database.create(
                "first", each -> each.startAt(Instant.EPOCH).endAt(Instant.parse("9999-12-31T23:59:59.9999999Z")));

        var timing = database.stored("first").schedule().timing();
        assertThat(timing.startAt()).isEqualTo(Instant.EPOCH);
        assertThat(timing.endAt()).isEqualTo("9999-12-31T23:59:59.999999Z");
        assertThat(database.stored("first").progress().nextFireAt()).isEqualTo(NOON.plusSeconds(10));
        for (ScheduleRule rule : List.of(Crontab.parse("* * * * *"), new Interval(Duration.ofHours(1)))) {
            database.create(rule.kind(), each -> each.rule(rule).startAt(Instant.EPOCH));
            assertThat(database.stored(rule.kind()).progress().nextFireAt()).isAfter(NOON);
        }
    }

    /** Those who put a new name at once, and delete it in between, each create it, replace it or find nothing to delete. */
    @Test
    void letsManyPutAndDeleteOneNameAtOnce() {
        var schedule = schedule("race", each -> each);
        for (var round = 0; round < 5; round++) {
            var changes = IntStream.range(0, 24)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> i % 4 == 3
                                    ? database.schedules.delete("race", null)
                                    : database.schedules.put(schedule, null, null),
                            run -> new Thread(run).start()))
                    .toList();

            assertThat(changes.stream().map(CompletableFuture::join))
                    .allMatch(change ->
                            change instanceof Saved || change instanceof Deleted || change instanceof Missing);
        }
    }

    /** The database ends one of two transactions that wait for each other; who asked for it must not hear of that. */
    @Test
    void triesAgainWhatTheDatabaseEndedToResolveADeadlock() throws Exception {
        database.create("a", each -> each);
        database.create("b", each -> each);
        database.jdbc.sql("""
                        CREATE TRIGGER crossing BEFORE UPDATE ON schedule FOR EACH ROW
                        IF NEW.note = 'cross' THEN
                          INSERT INTO schedule_declared (source, name) VALUES ('x', IF(NEW.name = 'a', 'b', 'a'))
                            ON DUPLICATE KEY UPDATE remark = NEW.name;
                          DO SLEEP(0.2);
                          INSERT INTO schedule_declared (source, name) VALUES ('x', NEW.name)
                            ON DUPLICATE KEY UPDATE remark = NEW.name;
                        END IF""").update();
        database.jdbc
                .sql("INSERT INTO schedule_declared (source, name) VALUES ('x', 'a'), ('x', 'b')")
                .update();

        var changes = Stream.of("a", "b")
                .map(name -> CompletableFuture.supplyAsync(
                        () -> database.schedules.pause(name, "cross", null, null), run -> new Thread(run).start()))
                .toList();

        assertThat(changes.stream().map(CompletableFuture::join)).allMatch(Saved.class::isInstance);
    }

    /** The database waits for a lock as long as its session says; whoever asked must not wait for that many times over. */
    @Test
    void triesNotAgainForLongWhatWaitsInVainForALock() throws Exception {
        var shared = TestStack.createDatabase();
        try (var holder = new ScheduleDatabase(shared, "");
                var waiter = new ScheduleDatabase(shared, "&sessionVariables=innodb_lock_wait_timeout=3")) {
            holder.create("a", each -> each);
            var held = new CountDownLatch(1);
            var free = new CountDownLatch(1);
            var holding = CompletableFuture.runAsync(
                    () -> holder.inTransaction(() -> {
                        holder.jdbc.sql("UPDATE schedule SET note = 'held'").update();
                        held.countDown();
                        await(free);
                    }),
                    run -> new Thread(run).start());
            await(held);

            var begun = System.nanoTime();
            assertThatExceptionOfType(PessimisticLockingFailureException.class)
                    .isThrownBy(() -> waiter.schedules.pause("a", null, null, null));

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(7));
            free.countDown();
            holding.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Read with one firing to come, fired, and written back: the firing that was had is not to come again. */
    @Test
    void refusesWhatWasReadBeforeARunWasCountedDown() {
        var read = database.create("a", each -> each.remaining(1L));
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();

        assertThat(database.schedules.replace(read.schedule(), Precondition.version(read.version()), "ada"))
                .isEqualTo(new Stale(2));
        assertThat(database.nextDue()).isEmpty();
    }

    /** A session in another zone, on a server in a third, must read and write the same instants. */
    @Test
    void keepsInstantsWhateverTheZoneOfTheSession() {
        var shared = TestStack.createDatabase();
        try (var tokyo = new ScheduleDatabase(
                        shared, "&connectionTimeZone=%2B09:00&forceConnectionTimeZoneToSession=true");
                var plain = new ScheduleDatabase(shared, "")) {
            var start = Instant.parse("2026-03-29T01:30:00.123456Z");
            var written = tokyo.create("a", schedule -> schedule.startAt(start));

            assertThat(plain.stored("a")).isEqualTo(written);
            assertThat(tokyo.stored("a")).isEqualTo(written);
            assertThat(tokyo.nextDue()).contains(start);
            assertThat(plain.jdbc
                            .sql("SELECT CAST(start_at AS CHAR) FROM schedule")
                            .query(String.class)
                            .single())
                    .isEqualTo("2026-03-29 01:30:00.123456");
        }
    }

    @Test
    void refusesAStaleVersion() {
        database.create("a", schedule -> schedule);
        var changed = schedule("a", schedule -> schedule.description("mine"));

        assertThat(database.schedules.replace(changed, Precondition.version(1), null))
                .isInstanceOfSatisfying(
                        Saved.class,
                        saved -> assertThat(saved.schedule().version()).isEqualTo(2));
        assertThat(database.schedules.replace(changed, Precondition.version(1), null))
                .isEqualTo(new Stale(2));
        assertThat(database.schedules.delete("a", Precondition.version(1))).isEqualTo(new Stale(2));
        assertThat(database.schedules.pause("b", null, null, null)).isEqualTo(new Missing());
        assertThat(database.schedules.create(changed, null)).isEqualTo(new NameTaken());
        assertThat(database.schedules.delete("a", Precondition.version(2))).isInstanceOf(Deleted.class);
        assertThat(database.schedules.find("a")).isEmpty();
    }

    @Test
    void keepsTheRhythmWhenOnlyTheTaskChanges() {
        database.create("a", schedule -> schedule);
        database.clock.advance(Duration.ofSeconds(12)); // overdue

        database.schedules.replace(schedule("a", schedule -> schedule.task("demo.add", 1)), null, null);

        assertThat(database.stored("a").progress().nextFireAt()).isEqualTo(NOON.plusSeconds(10));
    }

    @Test
    void beginsAnewWhenTheTimingChangesAndTellsWhatWasOverdue() {
        database.create("a", schedule -> schedule);
        database.clock.advance(Duration.ofSeconds(12));

        database.schedules.replace(schedule("a", schedule -> schedule.every(Duration.ofSeconds(7))), null, null);

        assertThat(database.stored("a").progress().nextFireAt()).isEqualTo(NOON.plusSeconds(14));
        assertThat(database.schedules.firings("a", 10, null).orElseThrow().items())
                .extracting(ScheduleFiring::kind, ScheduleFiring::fireTime)
                .containsExactly(tuple(FiringKind.SKIPPED, NOON.plusSeconds(10)));
    }

    @Test
    void isNotDueWhilePausedAndCatchesUpAfterwards() {
        database.create("a", schedule -> schedule);
        database.schedules.pause("a", "too loud", null, null);
        database.clock.advance(Duration.ofSeconds(35));

        assertThat(database.nextDue()).isEmpty();
        assertThat(database.stored("a").schedule().note()).isEqualTo("too loud");

        database.schedules.resume("a", null, null, null);
        database.claim();

        assertThat(database.schedules.firings("a", 10, null).orElseThrow().items())
                .extracting(ScheduleFiring::kind, ScheduleFiring::count)
                .containsExactly(tuple(FiringKind.CAUGHT_UP, 1L), tuple(FiringKind.SKIPPED, 2L));
    }

    @Test
    void pagesThroughListsAndHistories() {
        for (var name : new String[] {"c", "a", "b"}) {
            database.create(name, schedule -> schedule);
        }
        for (var time = 0; time < 5; time++) {
            database.clock.advance(Duration.ofSeconds(10));
            database.claim();
        }

        assertThat(database.schedules.list(ScheduleFilter.ALL, "", 2).items())
                .extracting(ScheduleRow::name)
                .containsExactly("a", "b");
        assertThat(database.schedules.list(ScheduleFilter.ALL, "b", 2).items())
                .extracting(ScheduleRow::name)
                .containsExactly("c");
        var first = database.schedules.firings("a", 3, null).orElseThrow();
        var second = database.schedules.firings("a", 3, first.cursor()).orElseThrow();
        assertThat(first.items()).extracting(ScheduleFiring::fireTime).startsWith(NOON.plusSeconds(50));
        assertThat(second.items()).extracting(ScheduleFiring::fireTime).endsWith(NOON.plusSeconds(10));
        assertThat(second.items()).hasSize(2);
        assertThat(second.cursor()).isNull();
        assertThatExceptionOfType(InvalidScheduleException.class)
                .isThrownBy(() -> database.schedules.firings("a", 3, "x"))
                .withMessage("cursor must be one that a page answered");
    }

    @Test
    void tellsTheLatestFiringsOfSeveralSchedules() {
        database.create("a", schedule -> schedule);
        database.create("b", schedule -> schedule);
        for (var time = 0; time < 3; time++) {
            database.clock.advance(Duration.ofSeconds(10));
            database.claim();
        }
        database.create("c", schedule -> schedule); // has not fired yet
        var ids =
                Stream.of("a", "b", "c").map(name -> database.stored(name).id()).toList();

        var latest = database.schedules.latestFirings(ids, 2);

        assertThat(latest).containsOnlyKeys(ids.get(0), ids.get(1));
        assertThat(latest.get(ids.get(1)))
                .extracting(ScheduleFiring::fireTime)
                .containsExactly(NOON.plusSeconds(30), NOON.plusSeconds(20));
        assertThat(database.schedules.latestFirings(List.of(), 2)).isEmpty();
    }

    private static Schedule schedule(String name, UnaryOperator<Schedule.Builder> change) {
        return change.apply(Schedule.named(name).task("demo.noop").every(Duration.ofSeconds(10)))
                .build();
    }

    @Test
    void armsAOneOffAgainByANewTiming() {
        database.create("a", each -> each.oneOff(true));
        database.clock.advance(Duration.ofSeconds(10));
        database.claim();
        assertThat(database.nextDue()).isEmpty();

        var fired = database.stored("a").schedule();
        database.schedules.replace(
                fired.toBuilder().every(Duration.ofSeconds(7)).build(), null, null);

        assertThat(database.nextDue()).isPresent();
        assertThat(database.stored("a").progress().totalFires()).isZero();
    }

    @Test
    void doesNotFireAgainByAChangeWhileTheClockIsSetBack() {
        var schedule = database.create("a", each -> each).schedule();
        database.clock.advance(Duration.ofMinutes(5));
        database.claim();
        database.clock.advance(Duration.ofMinutes(-4));

        database.schedules.replace(
                schedule.toBuilder().every(Duration.ofSeconds(20)).build(), null, null);

        assertThat(database.nextDue().orElseThrow())
                .isAfter(database.stored("a").progress().lastFireAt());
    }
}

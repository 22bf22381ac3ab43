package io.celeriac.resultsweb.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.results.action.ActionItem;
import io.celeriac.results.action.ActionKind;
import io.celeriac.results.action.ActionRepository;
import io.celeriac.results.action.ActionState;
import io.celeriac.results.action.ItemOutcome;
import io.celeriac.results.action.TaskAction;
import io.celeriac.results.action.TaskAction.Order;
import io.celeriac.results.table.ResultTables;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The runner with a real database; the items are made up. */
class ActionRunnerIT {

    private static final int PAGE = 50;
    private static HikariDataSource pool;
    private static ActionRepository actions;

    private final AtomicInteger claims = new AtomicInteger();

    @BeforeAll
    static void open() {
        var database = TestStack.createDatabase();
        pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        actions = new ActionRepository(pool, ResultTables.migrate(pool, database.jdbcUrl(), Duration.ofSeconds(60)));
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @AfterEach
    void leaveNothingRunning() {
        JdbcClient.create(pool)
                .sql("UPDATE task_action SET state = 'ABORTED' WHERE state = 'RUNNING'")
                .update();
    }

    @Test
    void endsEveryItem() {
        var work = new FakeWork(1_234);
        var id = add(null, 1_234);

        runToTheEnd(runner(work));

        assertDone(id, 1_234);
        assertThat(work.sent()).hasSize(1_234).doesNotHaveDuplicates();
        assertThat(work.searches()).hasSizeLessThanOrEqualTo(1_234 / PAGE + 1).containsOnly("frozen");
    }

    @Test
    void isDoneAtOnceWithoutItems() {
        var id = add(null, 0);

        assertThat(actions.find(id).orElseThrow().state()).isEqualTo(ActionState.DONE);
        assertThat(runner(new FakeWork(0)).turn()).isFalse();
    }

    /** What the first runner noted and may have sent, the second sends again; nothing is left out, and nothing is counted twice. */
    @Test
    void goesOnWhereAKilledRunnerStopped() {
        var work = new FakeWork(500);
        var id = add(null, 500);
        var first = runner(work);
        first.turn();
        work.dieAfter(20);
        assertThatThrownBy(first::turn).isInstanceOf(FakeWork.KilledError.class);
        work.live();
        var second = runner(work);
        assertThat(second.turn()).as("the first one has the lease").isFalse();

        endLease(id);
        runToTheEnd(second);

        assertDone(id, 500);
        var expected = new ArrayList<String>();
        for (var number = 0; number < 500; number++) {
            expected.add(FakeWork.name(number));
        }
        assertThat(work.sent().stream().distinct().sorted()).containsExactlyElementsOf(expected);
        assertThat(work.sent()).as("20 that were sent, and sent again").hasSize(520);
    }

    @Test
    void sendsThePageAgainWhenTheBrokerIsBack() {
        var work = new FakeWork(100);
        var id = add(null, 100);
        var runner = runner(work);
        work.away(true);
        assertThatThrownBy(runner::turn).hasRootCauseMessage("the broker is away");
        assertThat(runner.turn()).as("it waits for a moment").isFalse();
        assertThat(actions.unfinished(id, 1_000)).hasSize(PAGE);

        work.away(false);
        JdbcClient.create(pool)
                .sql("UPDATE task_action SET next_at = UTC_TIMESTAMP(6) WHERE id = :id")
                .param("id", id)
                .update();
        runToTheEnd(runner);

        assertDone(id, 100);
        assertThat(work.sent()).hasSize(100).doesNotHaveDuplicates();
    }

    /** A runner that stood still wakes up: its successor has the lease and has gone on. */
    @Test
    void writesNothingOverItsSuccessor() {
        var id = add(null, 100);
        var slow = actions.claim("slow", Duration.ofSeconds(30)).orElseThrow();
        assertThat(actions.begin(slow.id(), "slow", List.of("a", "b"), "2", Duration.ZERO))
                .isTrue();
        endLease(id);
        assertThat(actions.claim("successor", Duration.ofSeconds(30))).isPresent();

        assertThat(actions.begin(id, "slow", List.of("c"), "3", Duration.ZERO)).isFalse();
        assertThat(actions.end(id, "slow", List.of(ActionItem.done("a", null, Instant.EPOCH))))
                .isFalse();
        actions.finish(id, "slow", Instant.EPOCH);

        assertThat(actions.find(id).orElseThrow().state()).isEqualTo(ActionState.RUNNING);
        assertThat(actions.unfinished(id, 10)).containsExactly("a", "b");
        assertThat(actions.end(id, "successor", List.of(ActionItem.done("a", null, Instant.EPOCH))))
                .isTrue();
        assertThat(actions.unfinished(id, 10)).containsExactly("b");
    }

    @Test
    void beginsNoPageAfterAnAbort() {
        var work = new FakeWork(500);
        var id = add(null, 500);
        var runner = runner(work);
        runner.turn();

        assertThat(actions.abort(id, "ada", Instant.EPOCH)).isTrue();
        assertThat(actions.abort(id, "eve", Instant.EPOCH)).isFalse();

        assertThat(runner.turn()).isFalse();
        assertThat(work.sent()).hasSize(PAGE);
        assertThat(actions.find(id).orElseThrow().abortedBy()).isEqualTo("ada");
    }

    /** The pause after a page is in the database, so another runner keeps to it as well. */
    @Test
    void keepsToItsRateWhoeverGoesOn() {
        var work = new FakeWork(10);
        var id = add(4.0, 10);

        assertThat(runner(work).turn()).isTrue();
        assertThat(work.sent()).as("what one second may take").hasSize(4);
        assertThat(runner(work).turn()).as("within the second").isFalse();
        JdbcClient.create(pool)
                .sql("UPDATE task_action SET next_at = next_at - INTERVAL 1 SECOND WHERE id = :id")
                .param("id", id)
                .update();

        assertThat(runner(work).turn()).isTrue();
        assertThat(work.sent()).hasSize(8);
    }

    @Test
    void twoRunnersShareTheActions() {
        var work = new FakeWork(PAGE);
        var one = add(null, PAGE);
        var other = add(null, PAGE);

        assertThat(List.of(
                        actions.claim("a", Duration.ofSeconds(30)).orElseThrow().id(),
                        actions.claim("b", Duration.ofSeconds(30)).orElseThrow().id()))
                .containsExactlyInAnyOrder(one, other);
        assertThat(runner(work).turn()).isFalse();
    }

    @Test
    void deletesWhatEndedLongAgo() {
        var id = add(null, 120);
        runToTheEnd(runner(new FakeWork(120)));
        var running = add(null, 5);

        var rounds = 0;
        while (actions.deleteBefore(Instant.parse("2999-01-01T00:00:00Z"))) {
            rounds++;
        }

        assertThat(rounds).isPositive();
        assertThat(actions.find(id)).isEmpty();
        assertThat(actions.items(id, null, "", 10)).isEmpty();
        assertThat(actions.find(running)).isPresent();
    }

    @Test
    void pagesItemsByName() {
        var id = add(null, 120);
        runToTheEnd(runner(new FakeWork(120)));

        var first = actions.items(id, null, "", 100);
        var second = actions.items(id, null, first.get(99).item(), 100);
        var refused = actions.items(id, ItemOutcome.REFUSED, "", 100);

        assertThat(first).hasSize(100);
        assertThat(second).hasSize(20);
        assertThat(refused)
                .hasSize(12)
                .allSatisfy(item -> assertThat(item.reason()).isEqualTo("ends with 9"));
        assertThat(first.get(0).newId()).isEqualTo("new-0000000");
    }

    /** An id that was noted may have come to another queue before it is sent. */
    @Test
    void touchesNoItemOfAnotherQueue() {
        var work = new FakeWork(100);
        var id = add(null, 100, Set.of("mail"));

        runToTheEnd(runner(work));

        assertThat(work.sent()).hasSize(90).noneMatch(name -> name.endsWith("3"));
        assertThat(actions.items(id, ItemOutcome.REFUSED, "", 100))
                .filteredOn(item -> item.item().endsWith("3"))
                .hasSize(10)
                .allSatisfy(item -> assertThat(item.reason()).contains("not granted"));
        assertThat(actions.find(id).orElseThrow().order().queues()).containsExactly("mail");
        assertThat(actions.listNarrowed("ada", null, 10))
                .extracting(TaskAction::id)
                .containsExactly(id);
        assertThat(actions.listNarrowed("bob", null, 10)).isEmpty();
    }

    private String add(@Nullable Double rate, long expected) {
        return add(rate, expected, null);
    }

    private String add(@Nullable Double rate, long expected, @Nullable Set<String> queues) {
        var id = UUID.randomUUID().toString();
        var order = new Order(
                ActionKind.RETRY,
                "name",
                "q",
                "frozen",
                false,
                rate,
                "ada",
                Instant.parse("2026-01-31T12:00:00Z"),
                queues);
        actions.add(TaskAction.created(id, order, expected, true));
        return id;
    }

    private ActionRunner runner(FakeWork work) {
        var settings = new ActionProperties(
                Duration.ofDays(30),
                true,
                100,
                10_000,
                PAGE,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofDays(90));
        return new ActionRunner(
                actions,
                new ActionWorks(List.of(work)),
                () -> "owner-" + claims.incrementAndGet(),
                settings,
                new ActionMetrics(new SimpleMeterRegistry()),
                () -> Instant.parse("2026-01-31T12:00:01Z"));
    }

    private static void runToTheEnd(ActionRunner runner) {
        while (runner.turn()) {
            // the next page
        }
    }

    private static void endLease(String id) {
        JdbcClient.create(pool)
                .sql("UPDATE task_action SET lease_until = UTC_TIMESTAMP(6) WHERE id = :id")
                .param("id", id)
                .update();
    }

    private static void assertDone(String id, int items) {
        var action = actions.find(id).orElseThrow();
        assertThat(action.state()).isEqualTo(ActionState.DONE);
        assertThat(action.progress().begun()).isEqualTo(items);
        assertThat(action.progress().refused()).isEqualTo(items / 10);
        assertThat(action.progress().done()).isEqualTo(items - items / 10);
        assertThat(actions.unfinished(id, 1)).isEmpty();
        assertThat(JdbcClient.create(pool)
                        .sql("SELECT COUNT(*) FROM task_action_item WHERE action_id = :id")
                        .param("id", id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(items);
    }
}

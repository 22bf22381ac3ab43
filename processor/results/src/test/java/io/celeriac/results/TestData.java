package io.celeriac.results;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Firing;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.materializer.ResultChange;
import io.celeriac.results.table.ResultTables;
import io.celeriac.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;

/** What the tests of this module are made of. */
public final class TestData {

    public static final Instant NOON = Instant.parse("2026-01-31T12:00:00.123456Z");

    private TestData() {}

    /** A pool as the programs set it up. */
    public static HikariDataSource pool(TestDatabase database, String more) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl() + "&rewriteBatchedStatements=true" + more);
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(4);
        pool.setConnectionTimeout(2_000);
        return pool;
    }

    public static ResultTables tables(HikariDataSource pool) {
        return ResultTables.migrate(pool, pool.getJdbcUrl(), Duration.ofSeconds(30));
    }

    public static Task task(String id) {
        return Task.named("demo.add")
                .id(id)
                .args(1, "två 🥬")
                .kwarg("unit", "s")
                .key("customer-7")
                .priority(9)
                .label("tenant", "acme")
                .parentId("parent")
                .rootId("root")
                .groupId("group")
                .retryOf("earlier")
                .schedule(new Firing("nightly", NOON))
                .eta(NOON)
                .submittedAt(NOON)
                .build();
    }

    public static TaskResult result(String id, TaskState state, long revision) {
        var builder = TaskResult.of(task(id), "default", state)
                .revision(revision)
                .attempt(1)
                .at(3, 41)
                .worker("host-" + revision)
                .startedAt(NOON.plusSeconds(revision));
        if (state == TaskState.RETRY || state == TaskState.FAILURE) {
            builder.error(new TaskError("java.io.IOException", "no route", "at X"));
        }
        if (state == TaskState.RETRY) {
            builder.nextAttemptAt(NOON.plusSeconds(60));
        }
        return builder.finishedAt(state.isFinal() ? NOON.plusSeconds(9) : null).build();
    }

    public static ResultChange change(TaskResult result) {
        return new ResultChange(result, NOON.plusSeconds(1));
    }
}

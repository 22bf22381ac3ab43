package io.celeriac.results.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.results.TestData;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class WorkflowRetentionIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static HikariDataSource pool;
    private static JdbcClient jdbc;
    private static RetentionRepository repository;

    @BeforeAll
    static void open() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        repository = new RetentionRepository(pool, TestData.tables(pool));
        jdbc = JdbcClient.create(pool);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Test
    void deletesWorkflowsThatEndedLongAgoWithTheirNodes() {
        add("old", 5, 9, 8);
        add("older", 5, 20, 19);
        add("ended-lately", 5, 9, 1);
        add("runs", 5, 99, null);
        add("tree-alone", 0, 9, null);
        add("tree-alone-yet", 0, 1, null);

        var before = NOON.minus(Duration.ofDays(7));
        assertThat(repository.deleteWorkflows(before, 2)).isEqualTo(2);
        assertThat(repository.deleteWorkflows(before, 2)).isEqualTo(1);
        assertThat(repository.deleteWorkflows(before, 2)).isZero();

        assertThat(ids("id FROM workflow")).containsExactlyInAnyOrder("ended-lately", "runs", "tree-alone-yet");
        assertThat(ids("workflow FROM workflow_node"))
                .containsExactlyInAnyOrder("ended-lately", "runs", "tree-alone-yet");
    }

    private static List<String> ids(String columns) {
        return jdbc.sql("SELECT " + columns).query(String.class).list();
    }

    private static void add(String id, long revision, int submittedDays, @Nullable Integer finishedDays) {
        jdbc.sql("INSERT INTO workflow (id, name, state, run, revision, tasks, ended, failed, revoked, submitted_at,"
                        + " finished_at) VALUES (:id, 'w', 'STARTED', 0, :revision, 1, 0, 0, 0, :submitted, :finished)")
                .param("id", id)
                .param("revision", revision)
                .param("submitted", daysAgo(submittedDays))
                .param("finished", finishedDays == null ? null : daysAgo(finishedDays))
                .update();
        jdbc.sql(
                        "INSERT INTO workflow_node (workflow, path, kind, state, run, revision, children, ended, failed, is_open)"
                                + " VALUES (:id, '0', 'CHAIN', 'STARTED', 0, 1, 1, 0, 0, FALSE)")
                .param("id", id)
                .update();
    }

    private static LocalDateTime daysAgo(int days) {
        return LocalDateTime.ofInstant(NOON, ZoneOffset.UTC).minusDays(days);
    }
}

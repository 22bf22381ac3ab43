package io.celeriac.results.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.results.TestData;
import io.celeriac.testkit.TestStack;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ResultTablesIT {

    @Test
    void programsThatStartAtOnceMigrateOnce() throws InterruptedException, ExecutionException {
        try (var pool = TestData.pool(TestStack.createDatabase(), "")) {
            Callable<ResultTables> start = () -> TestData.tables(pool);
            var programs = Executors.newFixedThreadPool(4);
            try {
                for (var started : programs.invokeAll(List.of(start, start, start, start))) {
                    assertThat(started.get()).isNotNull();
                }
            } finally {
                programs.shutdown();
            }
            assertThat(TestData.tables(pool)).isNotNull();
        }
    }

    @Test
    void livesBesideTheTablesOfOthers() throws SQLException {
        try (var pool = TestData.pool(TestStack.createDatabase(), "");
                var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE somebody_elses (id INT)");

            TestData.tables(pool);

            assertThat(statement.execute("SELECT id FROM task_result")).isTrue();
            assertThat(statement.execute("SELECT version FROM flyway_history_results"))
                    .isTrue();
        }
    }

    @Test
    void aStartWithoutDatabaseFailsNamingTheSetting() {
        var nowhere = new DriverManagerDataSource("jdbc:mysql://127.0.0.1:1/tasks", "u", "p");

        assertThatThrownBy(() -> ResultTables.migrate(nowhere, "jdbc:mysql://127.0.0.1:1/tasks", Duration.ofSeconds(1)))
                .isInstanceOf(DatabaseUnavailableException.class)
                .hasMessageContaining("spring.datasource.url (jdbc:mysql://127.0.0.1:1/tasks)");
    }
}

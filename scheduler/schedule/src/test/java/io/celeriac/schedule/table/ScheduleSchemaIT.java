package io.celeriac.schedule.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.schedule.ScheduleDatabase;
import io.celeriac.testkit.TestStack;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ScheduleSchemaIT {

    /** Each time anew, as only sometimes two programs are at the same step. */
    @RepeatedTest(5)
    void comesOnceWhenManyProgramsStartAtOnceBesideOthersTables() {
        var database = TestStack.createDatabase();
        try (var pool = ScheduleDatabase.pool(database, "")) {
            var jdbc = JdbcClient.create(pool);
            jdbc.sql("CREATE TABLE task_result (id INT PRIMARY KEY)").update();

            CompletableFuture.allOf(IntStream.range(0, 4)
                            .mapToObj(program -> CompletableFuture.runAsync(
                                    () -> new ScheduleSchema(pool, 0).migrate(), run -> new Thread(run).start()))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();

            assertThat(jdbc.sql("SELECT version FROM flyway_history_schedule ORDER BY installed_rank")
                            .query(String.class)
                            .list())
                    .startsWith("0", "1", "2")
                    .doesNotHaveDuplicates();
        }
    }

    /** A change of large tables takes longer than anything else may: here it waits for Flyway's lock. */
    @Test
    void takesAsLongAsItTakesWhateverThePoolAllows() {
        var database = TestStack.createDatabase();
        try (var pool = ScheduleDatabase.pool(database, "&socketTimeout=1000");
                var other = ScheduleDatabase.pool(database, "")) {
            var lock = "Flyway-"
                    + ('`'
                                    + JdbcClient.create(other)
                                            .sql("SELECT DATABASE()")
                                            .query(String.class)
                                            .single() + "`.`flyway_history_schedule`")
                            .hashCode();
            var held = new CompletableFuture<Void>();
            var holding = CompletableFuture.runAsync(
                    () -> new TransactionTemplate(new JdbcTransactionManager(other)).executeWithoutResult(status -> {
                        var jdbc = JdbcClient.create(other);
                        jdbc.sql("SELECT GET_LOCK(:lock, 0)")
                                .param("lock", lock)
                                .query(Integer.class)
                                .single();
                        held.complete(null);
                        jdbc.sql("DO SLEEP(2.5), RELEASE_LOCK(:lock)")
                                .param("lock", lock)
                                .update();
                    }),
                    run -> new Thread(run).start());
            held.join();

            new ScheduleSchema(pool, 0).migrate();

            assertThat(holding).as("what it had to wait for").isDone();
        }
    }

    @Test
    void namesTheSettingWhenThereIsNoDatabase() {
        try (var pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:mysql://127.0.0.1:1/celeriac");
            pool.setConnectionTimeout(250);

            assertThatIllegalStateException()
                    .isThrownBy(() -> new ScheduleSchema(pool, 1).migrate())
                    .withMessageContaining("SPRING_DATASOURCE_URL (spring.datasource.url)");
        }
    }
}

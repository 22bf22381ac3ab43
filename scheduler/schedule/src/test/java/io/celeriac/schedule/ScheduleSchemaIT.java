package io.celeriac.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.testkit.TestStack;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ScheduleSchemaIT {

    @Test
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

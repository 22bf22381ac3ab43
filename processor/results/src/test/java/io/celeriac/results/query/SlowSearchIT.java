package io.celeriac.results.query;

import static io.celeriac.results.TestData.NOON;
import static io.celeriac.results.TestData.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.TestData;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database that takes a while for each row. A search must still answer, with a part of what there is and the place to go on from. The
 * rows are behind a view that sleeps for each of them.
 */
class SlowSearchIT {

    private static final int TASKS = 3_000;
    private static final TaskFilter MAIL =
            TaskFilter.ALL.and(new TaskCondition.Text(TextColumn.TASK, new Match.Prefix("mail.")));

    private static HikariDataSource pool;
    private static TaskResultRepository reader;

    @BeforeAll
    static void fill() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        var tables = TestData.tables(pool);
        new MaterializedResultRepository(pool, tables)
                .write(
                        IntStream.range(0, TASKS)
                                .mapToObj(number -> change(task(number)))
                                .toList(),
                        List.of());
        reader = new TaskResultRepository(pool, tables, Set.of(), Duration.ofSeconds(1));
        var jdbc = JdbcClient.create(pool);
        jdbc.sql("RENAME TABLE task_result TO task_result_fast").update();
        takes(jdbc, "0.001");
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static void takes(JdbcClient jdbc, String seconds) {
        jdbc.sql("CREATE OR REPLACE VIEW task_result AS SELECT * FROM task_result_fast WHERE SLEEP(" + seconds
                        + ") = 0")
                .update();
    }

    private static TaskResult task(int number) {
        return TaskResult.of(
                        Task.named(number % 10 == 0 ? "mail.send" : "demo.add")
                                .id("t-" + number)
                                .submittedAt(NOON.plusSeconds(number))
                                .build(),
                        "default",
                        TaskState.SUCCESS)
                .build();
    }

    @Test
    void answersAPartAndGoesOnBehindIt() {
        var first = reader.list(new TaskQuery(MAIL, 500, null));
        var next = Objects.requireNonNull(first.next());
        var second = reader.list(new TaskQuery(MAIL, 500, next));

        assertThat(first.partial()).isTrue();
        assertThat(first.items()).isNotEmpty().allMatch(task -> task.task().equals("mail.send"));
        assertThat(first.items().get(0).id()).isEqualTo("t-" + (TASKS - 10));
        assertThat(second.items()).isNotEmpty();
        var last = first.items().get(first.items().size() - 1);
        assertThat(second.items().get(0).id()).isEqualTo("t-" + (number(last) - 10));
    }

    private static int number(TaskResult task) {
        return Integer.parseInt(task.id().substring(2));
    }

    @Test
    void givesUpWhenNotEvenAFewTasksAreFoundInTime() {
        var jdbc = JdbcClient.create(pool);
        takes(jdbc, "0.2");
        try {
            assertThatThrownBy(() -> reader.list(new TaskQuery(MAIL, 500, null)))
                    .isInstanceOf(QueryTimeoutException.class);
        } finally {
            takes(jdbc, "0.001");
        }
    }
}

package io.celeriac.results.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.TestData;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.testkit.TestStack;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A search by an argument finds the same, with an index and without one. */
class ArgumentSearchIT {

    private static final ArgumentPath PATH = ArgumentPath.parse("n");
    private static final List<Object> VALUES = List.of(
            new BigDecimal("1.5"),
            new BigDecimal("1.50"),
            new BigDecimal("15e-1"),
            "1.5",
            "1.50",
            42,
            new BigDecimal("42.0"),
            new BigDecimal("4.2e1"),
            "42",
            "042",
            new BigDecimal("0.1"),
            -7,
            999_999_999_999_999_999L,
            999_999_999_999_999_998L,
            true,
            "ada");
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private static HikariDataSource pool;
    private static TaskResultRepository byIndex;
    private static TaskResultRepository byRow;

    @BeforeAll
    static void open() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        var tables = TestData.tables(pool);
        new MaterializedResultRepository(pool, tables, Set.of(PATH))
                .write(
                        IntStream.range(0, VALUES.size())
                                .mapToObj(number -> TestData.change(result(number)))
                                .toList(),
                        List.of());
        byIndex = new TaskResultRepository(pool, tables, Set.of(PATH.toString()), Duration.ofSeconds(30));
        byRow = new TaskResultRepository(pool, tables);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static TaskResult result(int number) {
        var task = Task.named("count")
                .id("t-" + number)
                .kwarg("n", VALUES.get(number))
                .submittedAt(NOON.plusSeconds(number))
                .build();
        return TaskResult.of(task, "default", TaskState.PENDING).build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "1.50",
                "15e-1",
                "42",
                "42.0",
                "4.2e1",
                "042",
                "0.1",
                "0.10",
                "-7",
                "999999999999999999",
                "999999999999999998",
                "true",
                "ada",
                "1.5.0"
            })
    void findsNumbersByTheirValueAndTextsAsTheyAre(String sought) {
        var expected = IntStream.range(0, VALUES.size())
                .filter(number -> fits(VALUES.get(number), sought))
                .mapToObj(number -> "t-" + number)
                .toList();

        assertThat(ids(byIndex, sought)).as("by index").containsExactlyInAnyOrderElementsOf(expected);
        assertThat(ids(byRow, sought)).as("row by row").containsExactlyInAnyOrderElementsOf(expected);
    }

    private static boolean fits(Object value, String sought) {
        if (value instanceof Number number
                && sought.matches("-?[0-9.]+(e-?[0-9]+)?")
                && !sought.matches("0[0-9].*|.*\\..*\\..*")) {
            return new BigDecimal(number.toString()).compareTo(new BigDecimal(sought)) == 0;
        }
        return value.toString().equals(sought) && !(value instanceof Number);
    }

    private static List<String> ids(TaskResultRepository tasks, String sought) {
        var condition = new TaskCondition.Argument(PATH, new Match.Whole(sought));
        return tasks.list(new TaskQuery(TaskFilter.ALL.and(condition), 100, null)).items().stream()
                .map(TaskResult::id)
                .toList();
    }
}

package io.celeriac.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.Task;
import io.celeriac.contract.TaskResult;
import io.celeriac.contract.TaskState;
import io.celeriac.testkit.TestStack;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A text that stands in one task only, behind more than one query looks at. */
class TextSearchIT {

    private static final int TASKS = TaskSearch.WINDOW + 500;

    private static HikariDataSource pool;
    private static TaskResultRepository reader;

    @BeforeAll
    static void fill() {
        pool = TestData.pool(TestStack.createDatabase(), "");
        var tables = TestData.tables(pool);
        new MaterializedResultRepository(pool, tables)
                .write(
                        IntStream.range(0, TASKS)
                                .mapToObj(TextSearchIT::result)
                                .map(TestData::change)
                                .toList(),
                        List.of());
        reader = new TaskResultRepository(pool, tables);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    private static TaskResult result(int number) {
        var task = Task.named("demo.add")
                .id("t-" + number)
                .args(number == 0 ? "needle" : "hay")
                .submittedAt(TestData.NOON.plusMillis(number))
                .build();
        return TaskResult.of(task, "default", TaskState.SUCCESS).build();
    }

    @Test
    void isFoundOnThePageBehindTheTasksThatWereLookedAt() {
        var first = page("needle", null);
        assertThat(first.items()).isEmpty();
        assertThat(first.next()).isNotNull();

        var second = page("needle", first.next());
        assertThat(second.items()).extracting(TaskResult::id).containsExactly("t-0");
        assertThat(second.next()).isNull();
    }

    private static TaskPage page(String text, @Nullable Cursor after) {
        var filter = new TaskFilter(Set.of(), null, null, null, Map.of(), null, null, text);
        return reader.list(new TaskQuery(filter, 10, after));
    }
}

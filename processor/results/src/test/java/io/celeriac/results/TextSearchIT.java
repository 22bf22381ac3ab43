package io.celeriac.results;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.materializer.ResultChange;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.query.TaskFilter;
import io.celeriac.results.query.TaskPage;
import io.celeriac.results.query.TaskQuery;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.results.query.TaskSearch;
import io.celeriac.testkit.TestStack;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is found is the text that a person sees; also where it stands in one task only, behind more than one query looks at. */
class TextSearchIT {

    private static final List<String> SEEN = List.of(
            "C:\\temp\\new",
            "say \"hi\"",
            "two\nlines",
            "a\ttab",
            "100%_sure!",
            "🍣",
            "🍺",
            "café",
            "cafe",
            "a|b",
            "a/b",
            "\u0001",
            "it's",
            "pad  ding",
            "Straße",
            "\\%",
            "{\"a\":1}");
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
        new MaterializedResultRepository(pool, tables).write(seen(), List.of());
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

    /** Each text is looked for by itself, and is found in its own task and in no other. */
    @ParameterizedTest
    @FieldSource("SEEN")
    void isFoundAsAPersonReadsIt(String text) {
        assertThat(found(text)).as(text).containsExactly("seen-args-" + hex(text), "seen-error-" + hex(text));
    }

    @Test
    void isFoundInEitherCase() {
        assertThat(found("CAFÉ")).isEqualTo(found("café")).hasSize(2);
        assertThat(found("SAY \"HI\"")).hasSize(2);
    }

    private static List<String> found(String text) {
        var filter = new TaskFilter(Set.of(), "demo.seen", null, null, Map.of(), null, null, text);
        return reader.list(new TaskQuery(filter, 100, null)).items().stream()
                .map(TaskResult::id)
                .sorted()
                .toList();
    }

    private static String hex(String text) {
        return Integer.toHexString(text.hashCode());
    }

    private static List<ResultChange> seen() {
        return SEEN.stream()
                .flatMap(text -> Stream.of(
                        TaskResult.of(
                                        Task.named("demo.seen")
                                                .id("seen-args-" + hex(text))
                                                .args("<" + text + ">")
                                                .submittedAt(TestData.NOON)
                                                .build(),
                                        "default",
                                        TaskState.SUCCESS)
                                .build(),
                        TaskResult.of(
                                        Task.named("demo.seen")
                                                .id("seen-error-" + hex(text))
                                                .submittedAt(TestData.NOON)
                                                .build(),
                                        "default",
                                        TaskState.FAILURE)
                                .error(new TaskError("X", "<" + text + ">", null))
                                .build()))
                .map(TestData::change)
                .toList();
    }

    private static TaskPage page(String text, @Nullable TaskCursor after) {
        var filter = new TaskFilter(Set.of(), null, null, null, Map.of(), null, null, text);
        return reader.list(new TaskQuery(filter, 10, after));
    }
}

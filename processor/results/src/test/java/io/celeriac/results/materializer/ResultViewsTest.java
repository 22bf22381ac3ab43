package io.celeriac.results.materializer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@link ResultColumns} is the list of columns; the view and the guide must have the same. */
class ResultViewsTest {

    private static final Path MIGRATIONS = Path.of("src/main/resources/db/celeriac-results");
    private static final Path GUIDE = Path.of("../../infra/docs/guides/results.md");

    /** Of no use to those who ask the view: for repeats and runs, or told in another column. */
    private static final Set<String> INTERNAL =
            Set.of("revision", "record_partition", "record_offset", "run_at", "next_attempt_at", "children");

    @Test
    void haveEveryColumnThatIsNotInternal() throws IOException {
        var wanted = new ArrayList<>(ResultColumns.names(ResultColumns.RESULT));
        wanted.removeAll(INTERNAL);

        assertThat(columnsOfTheView()).containsAll(wanted).doesNotContainAnyElementsOf(INTERNAL);
    }

    @Test
    void areInTheGuideColumnByColumn() throws IOException {
        var row = Files.readString(GUIDE)
                .lines()
                .filter(line -> line.startsWith("| `v_task_result` |"))
                .findFirst()
                .orElseThrow();
        var names = Pattern.compile("`([a-z_]+)`(?: \\([^)]*\\))?")
                .matcher(row.substring(row.indexOf("a task")))
                .results()
                .map(name -> name.group(1))
                .toList();

        assertThat(names).containsExactlyElementsOf(columnsOfTheView());
    }

    private static int version(Path migration) {
        var name = migration.getFileName().toString();
        return Integer.parseInt(name.substring(1, name.indexOf("__")));
    }

    /** As the latest migration leaves it. */
    private static List<String> columnsOfTheView() throws IOException {
        try (Stream<Path> files = Files.list(MIGRATIONS)) {
            var sql = new StringBuilder();
            for (var file : files.sorted(Comparator.comparingInt(ResultViewsTest::version))
                    .toList()) {
                sql.append(Files.readString(file));
            }
            var select = Pattern.compile("VIEW v_task_result AS\\s+SELECT (.*?)\\s+FROM task_result;", Pattern.DOTALL)
                    .matcher(sql)
                    .results()
                    .reduce((earlier, later) -> later)
                    .map(MatchResult::group)
                    .orElseThrow();
            var list = select.substring(select.indexOf("SELECT ") + "SELECT ".length(), select.lastIndexOf("FROM"))
                    .replaceAll("(?s)CASE.*?END AS", "")
                    .replaceAll("TIMESTAMPDIFF\\([^)]*\\) / 1000000 AS", "");
            return Stream.of(list.split(",")).map(String::strip).toList();
        }
    }
}

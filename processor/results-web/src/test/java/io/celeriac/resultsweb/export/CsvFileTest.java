package io.celeriac.resultsweb.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {

    private final StringBuilder out = new StringBuilder();

    @Test
    void hasALineForEachTask() throws IOException {
        var rows = rows(null, """
                {"id": "a", "task": "mail.send", "state": "FAILURE", "attempt": 2, "args": [1, "x, \\"y\\""],
                 "error": {"type": "Timeout", "message": "line one\\nline two"}, "schedule": {"name": "nightly"}}""");

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).toMap())
                .containsEntry("id", "a")
                .containsEntry("attempt", "2")
                .containsEntry("args", "[1,\"x, \\\"y\\\"\"]")
                .containsEntry("errorType", "Timeout")
                .containsEntry("errorMessage", "line one\nline two")
                .containsEntry("schedule", "nightly")
                .containsEntry("worker", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\\t=1", "\\r=1", "＝1+1"})
    void makesNoFormulaOfAText(String text) throws IOException {
        var rows = rows(null, "{\"id\": \"a\", \"key\": \"" + text + "\"}");

        assertThat(rows.get(0).get("key")).startsWith("'").hasSizeGreaterThan(1);
    }

    @Test
    void keepsANegativeNumber() throws IOException {
        assertThat(rows(null, "{\"id\": \"a\", \"result\": -5}").get(0).get("result"))
                .isEqualTo("-5");
    }

    @Test
    void saysAtItsEndThatItDoesNotHaveAll() throws IOException {
        var rows = rows("there are too many", "{\"id\": \"a\"}");

        assertThat(rows.get(1).get(0)).isEqualTo("# incomplete: there are too many");
    }

    private List<CSVRecord> rows(@Nullable String why, String task) throws IOException {
        var file = new CsvFile(out);
        file.begin();
        file.add(TaskJson.MAPPER.readTree(task));
        file.end(why);
        try (var parser = CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(out.toString()))) {
            return parser.getRecords();
        }
    }
}

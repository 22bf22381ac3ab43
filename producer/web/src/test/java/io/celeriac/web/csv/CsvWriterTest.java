package io.celeriac.web.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvWriterTest {

    private final StringBuilder out = new StringBuilder();
    private final CsvWriter writer = new CsvWriter(out);

    @Test
    void quotesOnlyWhatNeedsIt() throws IOException {
        writer.row(List.of("plain", "a,b", "say \"hi\"", "two\nlines", "two\r\nlines", " padded ", ""));

        assertThat(out)
                .hasToString("plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"two\r\nlines\",\" padded \",\r\n");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        var values = List.of("a,b", "say \"hi\"", "two\nlines", "\"", "\",\"", ";", "#", "två 🥬", "x=1", "it's");
        writer.row(values);
        writer.row(values);

        assertThat(read()).hasSize(2).allSatisfy(row -> assertThat(row.toList()).isEqualTo(values));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠a", "=\"a\",\"b\""
            })
    void makesNoFormulaOfAText(String text) throws IOException {
        writer.row(List.of(text));

        assertThat(read().get(0).toList()).containsExactly("'" + text);
    }

    @Test
    void keepsNumbersAndLeavesOutWhatIsNull() throws IOException {
        writer.row(Arrays.asList(-5, null, 1.5));

        assertThat(out).hasToString("-5,,1.5\r\n");
    }

    @Test
    void saysAtItsEndThatItDoesNotHaveAll() throws IOException {
        writer.incomplete("the database, it seems, does not answer");

        assertThat(read().get(0).toList()).containsExactly("# incomplete: the database, it seems, does not answer");
    }

    private List<CSVRecord> read() throws IOException {
        try (var parser = CSVFormat.RFC4180.parse(new StringReader(out.toString()))) {
            return parser.getRecords();
        }
    }
}

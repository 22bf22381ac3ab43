package io.celeriac.web.csv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * Writes CSV of RFC 4180 that a spreadsheet can open without harm: a text that it would take for a formula begins with an apostrophe.
 * Not safe for use by several threads.
 */
public final class CsvWriter {

    /** Begins the last line of a file that does not have all rows. */
    public static final String INCOMPLETE = "# incomplete: ";

    /** What a spreadsheet takes for a formula when a text begins with it. */
    private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

    private final CSVPrinter printer;

    /** Writes nothing yet. */
    public CsvWriter(Appendable out) {
        try {
            printer = new CSVPrinter(out, CSVFormat.RFC4180);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a format with a header, which this one has not
        }
    }

    /**
     * Writes a line.
     *
     * @param values numbers as they are, everything else as text; null as an empty text
     * @throws IOException when the reader has gone
     */
    public void row(List<? extends @Nullable Object> values) throws IOException {
        for (var value : values) {
            printer.print(value == null || value instanceof Number ? value : harmless(value.toString()));
        }
        printer.println();
    }

    /** Writes the last line of a file that does not have all rows. */
    public void incomplete(String why) throws IOException {
        printer.printRecord(INCOMPLETE + why);
    }

    public void flush() throws IOException {
        printer.flush();
    }

    private static String harmless(String text) {
        return text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    }
}

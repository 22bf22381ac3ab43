package io.celeriac.resultsweb.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Tasks as CSV of RFC 4180. The first line has the names of the columns. A file that does not have all tasks says so in its last line,
 * which begins with {@value #INCOMPLETE}.
 */
final class CsvFile implements TaskFile {

    static final String INCOMPLETE = "# incomplete: ";

    /** What a spreadsheet takes for a formula when a text begins with it. */
    private static final String FORMULA = "=+-@\t\r\n＝＋－＠";

    private static final Map<String, Function<JsonNode, @Nullable Object>> COLUMNS = columns();

    private final CSVPrinter printer;

    CsvFile(Appendable out) {
        try {
            printer = new CSVPrinter(out, CSVFormat.RFC4180);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it writes nothing yet
        }
    }

    private static Map<String, Function<JsonNode, @Nullable Object>> columns() {
        var columns = new LinkedHashMap<String, Function<JsonNode, @Nullable Object>>();
        for (var plain :
                new String[] {"id", "task", "queue", "state", "attempt", "submittedAt", "startedAt", "finishedAt"}) {
            columns.put(plain, at("/" + plain));
        }
        columns.put("errorType", at("/error/type"));
        columns.put("errorMessage", at("/error/message"));
        for (var plain : new String[] {"reason", "args", "kwargs", "result", "worker", "priority", "key", "labels"}) {
            columns.put(plain, at("/" + plain));
        }
        columns.put("schedule", at("/schedule/name"));
        columns.put("fireTime", at("/schedule/fireTime"));
        for (var plain :
                new String[] {"eta", "nextAttemptAt", "parentId", "rootId", "groupId", "retryOf", "partition", "offset"
                }) {
            columns.put(plain, at("/" + plain));
        }
        return columns;
    }

    private static Function<JsonNode, @Nullable Object> at(String path) {
        var pointer = JsonPointer.compile(path);
        return task -> value(task.at(pointer));
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node.isNumber()) {
            return node.numberValue();
        }
        return harmless(node.isString() ? node.stringValue() : node.toString());
    }

    /** Begun with an apostrophe where a spreadsheet would take the text for a formula. */
    private static String harmless(String text) {
        return text.isEmpty() || FORMULA.indexOf(text.charAt(0)) < 0 ? text : "'" + text;
    }

    @Override
    public void begin() throws IOException {
        printer.printRecord(COLUMNS.keySet());
    }

    @Override
    public void add(JsonNode task) throws IOException {
        for (var column : COLUMNS.values()) {
            printer.print(column.apply(task));
        }
        printer.println();
    }

    @Override
    public void end(@Nullable String why) throws IOException {
        if (why != null) {
            printer.printRecord(INCOMPLETE + why);
        }
        printer.flush();
    }
}

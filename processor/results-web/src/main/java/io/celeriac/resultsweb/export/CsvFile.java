package io.celeriac.resultsweb.export;

import io.celeriac.web.csv.CsvWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Tasks as CSV. The first line has the names of the columns. A file that does not have all tasks says so in its last line,
 * which begins with {@value CsvWriter#INCOMPLETE}.
 */
final class CsvFile implements TaskFile {

    private static final Map<String, Function<JsonNode, @Nullable Object>> COLUMNS = columns();

    private final CsvWriter writer;

    CsvFile(Appendable out) {
        writer = new CsvWriter(out);
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
        for (var plain : new String[] {
            "eta", "nextAttemptAt", "parentId", "rootId", "groupId", "retryOf", "winner", "partition", "offset"
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
        return node.isString() ? node.stringValue() : node.toString();
    }

    @Override
    public void begin() throws IOException {
        writer.row(List.copyOf(COLUMNS.keySet()));
    }

    @Override
    public void add(JsonNode task) throws IOException {
        var values = new ArrayList<@Nullable Object>();
        COLUMNS.values().forEach(column -> values.add(column.apply(task)));
        writer.row(values);
    }

    @Override
    public void end(@Nullable String why) throws IOException {
        if (why != null) {
            writer.incomplete(why);
        }
        writer.flush();
    }
}

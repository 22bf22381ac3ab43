package io.celeriac.results.query;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskState;
import io.celeriac.results.table.Label;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a {@link TaskQuery}. It finds the ids of a page in an index, in order, and only then reads the rows. Its cost does not grow
 * with the table, except for conditions that the index does not know. The indexes:
 *
 * <pre>
 * label                task_label_by_value     (name, value, submitted_at)
 * schedule             task_result_by_schedule (schedule_name, submitted_at)
 * task                 task_result_by_task     (task, state, submitted_at)    once for each state, then merged
 * queue                task_result_by_queue    (queue, state, submitted_at)   once for each state, then merged
 * states               task_result_by_state    (state, submitted_at)          once for each state, then merged
 * none of these        task_result_by_time     (submitted_at)
 * </pre>
 *
 * <p>The first line that fits decides; the other conditions are checked in the rows on the way. A text is in no index: the query looks
 * for it in the next {@value #WINDOW} tasks that fit otherwise, and the cursor goes on behind them.
 */
public final class TaskSearch {

    /** The number of tasks in which one query looks for a text. */
    public static final int WINDOW = 20_000;

    private static final String ORDER = " ORDER BY submitted_at DESC, id DESC LIMIT ";
    private static final List<String> TEXTS = List.of("id", "error_type", "error_message");
    private static final List<String> JSON = List.of("args", "kwargs", "result");

    private final TaskQuery query;
    private final TaskFilter filter;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final String candidates;

    TaskSearch(TaskQuery query) {
        this.query = query;
        this.filter = query.filter();
        this.candidates = candidates();
    }

    /** Named parameters of all statements. */
    Map<String, Object> values() {
        return values;
    }

    /** Selects one row more than a page has. */
    String page(String columns) {
        return "SELECT " + columns + " FROM (" + candidates + ") c JOIN task_result r ON r.id = c.id"
                + (filter.text() == null ? "" : " WHERE " + contains(filter.text()))
                + " ORDER BY c.submitted_at DESC, c.id DESC LIMIT " + (query.limit() + 1);
    }

    /** Selects the last of the tasks among which a text was looked for, when there may be more behind it. */
    String endOfWindow() {
        return "SELECT id, submitted_at FROM (" + candidates + ") w" + ORDER + "1 OFFSET " + (WINDOW - 1);
    }

    private String candidates() {
        if (!filter.labels().isEmpty()) {
            return byLabel();
        }
        var conditions = new ArrayList<String>();
        var merged = isMergedByState();
        if (!merged && !filter.states().isEmpty()) {
            conditions.add(
                    "state IN (" + filter.states().stream().map(this::quoted).collect(joining(", ")) + ")");
        }
        equal("schedule_name", filter.schedule(), conditions);
        equal("task", filter.task(), conditions);
        equal("queue", filter.queue(), conditions);
        range("submitted_at", "id", conditions);
        return merged ? mergedByState(conditions) : select(conditions);
    }

    private boolean isMergedByState() {
        return filter.schedule() == null
                && (filter.task() != null
                        || filter.queue() != null
                        || !filter.states().isEmpty());
    }

    private String mergedByState(List<String> conditions) {
        var states = filter.states().isEmpty() ? Set.of(TaskState.values()) : filter.states();
        var branches = states.stream()
                .sorted()
                .map(state -> {
                    var branch = new ArrayList<>(conditions);
                    branch.add("state = " + quoted(state));
                    return select(branch);
                })
                .toList();
        return branches.size() == 1
                ? branches.get(0)
                : "SELECT id, submitted_at FROM ("
                        + branches.stream().map(branch -> "(" + branch + ")").collect(joining(" UNION ALL "))
                        + ") s" + ORDER + most();
    }

    private String select(List<String> conditions) {
        return "SELECT id, submitted_at FROM task_result"
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions)) + ORDER + most();
    }

    private String byLabel() {
        var conditions = new ArrayList<String>();
        var number = 0;
        for (var label : filter.labels().entrySet()) {
            values.put("name" + number, Label.compared(label.getKey()));
            values.put("value" + number, Label.compared(label.getValue()));
            conditions.add(
                    number == 0
                            ? "l.name = :name0 AND l.value = :value0"
                            : "EXISTS (SELECT 1 FROM task_label x WHERE x.task_id = l.task_id"
                                    + " AND x.submitted_at = l.submitted_at AND x.name = :name"
                                    + number + " AND x.value = :value" + number + ")");
            number++;
        }
        range("l.submitted_at", "l.task_id", conditions);
        var ofTask = new ArrayList<String>();
        ofTask.add("t.submitted_at = l.submitted_at"); // a label of the run that the row is about
        if (!filter.states().isEmpty()) {
            ofTask.add(
                    "t.state IN (" + filter.states().stream().map(this::quoted).collect(joining(", ")) + ")");
        }
        equal("t.schedule_name", filter.schedule(), ofTask);
        equal("t.task", filter.task(), ofTask);
        equal("t.queue", filter.queue(), ofTask);
        conditions.add(
                "EXISTS (SELECT 1 FROM task_result t WHERE t.id = l.task_id AND " + String.join(" AND ", ofTask) + ")");
        return "SELECT l.task_id AS id, l.submitted_at FROM task_label l WHERE " + String.join(" AND ", conditions)
                + " ORDER BY l.submitted_at DESC, l.task_id DESC LIMIT " + most();
    }

    private int most() {
        return filter.text() == null ? query.limit() + 1 : WINDOW;
    }

    private String quoted(TaskState state) {
        return "'" + state.name() + "'";
    }

    /** Compares byte for byte: the columns' collation alone takes "nightly" and "nightly " for the same. */
    private void equal(String column, @Nullable String value, List<String> conditions) {
        if (value != null) {
            var name = column.substring(column.indexOf('.') + 1);
            conditions.add(exactly(column, ":" + name));
            values.put(name, value);
        }
    }

    /** The condition that a column equals a value, trailing spaces included; an index on the column serves it. */
    static String exactly(String column, String value) {
        return column + " = " + value + " AND CHAR_LENGTH(" + column + ") = CHAR_LENGTH(" + value + ")";
    }

    private void range(String time, String id, List<String> conditions) {
        var range = new TimeRange(filter.from(), filter.to());
        conditions.addAll(range.conditions(time));
        values.putAll(range.values());
        if (query.after() != null) {
            // the index serves the first half, the second half breaks ties
            conditions.add(time + " <= :at AND (" + time + " < :at OR " + id + " < :lastId)");
            values.put("at", query.after().submittedAt());
            values.put("lastId", query.after().id());
        }
    }

    /** Matches letters in either case, everything else character by character. */
    private String contains(String text) {
        values.put("text", "%" + literally(text) + "%");
        values.put("json", "%" + literally(insideJson(text)) + "%");
        return Stream.concat(
                        TEXTS.stream().map(column -> contains(column, ":text")),
                        JSON.stream().map(column -> contains(column, ":json")))
                .collect(joining(" OR ", "(", ")"));
    }

    private static String contains(String column, String pattern) {
        return "LOWER(r." + column + ") LIKE LOWER(" + pattern + ") ESCAPE '!'";
    }

    private static String literally(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /** The text as it stands inside a JSON string of the columns: a person looks for the text, not for its JSON. */
    private static String insideJson(String text) {
        var quoted = TaskJson.MAPPER.writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }
}

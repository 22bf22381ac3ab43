package io.celeriac.results.query;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.ConditionSql;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.results.table.ArgumentValue;
import io.celeriac.results.table.Label;
import io.celeriac.results.table.TextSql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of a {@link TaskQuery}. It finds the ids of a page in an index, in order, and only then reads the rows. Its cost does not grow
 * with the table, except for conditions that the index does not know. The indexes:
 *
 * <pre>
 * id, parent, root, group   their own                   the few rows of one value, then sorted
 * label                     task_label_by_value         (name, value, submitted_at)
 * indexed argument          task_argument_by_value      (name, value, submitted_at)
 * schedule                  task_result_by_schedule     (schedule_name, submitted_at)
 * task                      task_result_by_task         (task, state, submitted_at)    once for each state, then merged
 * queue                     task_result_by_queue        (queue, state, submitted_at)   once for each state, then merged
 * states                    task_result_by_state        (state, submitted_at)          once for each state, then merged
 * none of these             task_result_by_time         (submitted_at)
 * </pre>
 *
 * <p>The first line that fits decides; the other conditions are checked in the rows on the way. A condition that is in no index, such
 * as a text, is looked for in the next tasks that fit otherwise: in a window of {@value #WINDOW}, or in a smaller one. The cursor goes on
 * behind the window.
 */
public final class TaskSearch {

    /** The number of tasks in which one query looks for what no index knows. */
    public static final int WINDOW = 20_000;

    private static final String ORDER = " ORDER BY submitted_at DESC, id DESC LIMIT ";

    /** A term of one of the tables {@code task_label} and {@code task_argument}. */
    private record SideTerm(String table, byte[] name, byte[] value) {}

    private final int limit;
    private final @Nullable TaskCursor after;
    private final SearchPlan plan;
    private final int window;
    private final boolean byIndexAlone;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final String candidates;
    private final String rest;

    /**
     * @param window most tasks to look at, for what no index knows
     * @param byIndexAlone true: the window holds whatever the index finds, so that its cost is bounded; false: only the tasks that fit
     *     otherwise
     */
    TaskSearch(TaskQuery query, SearchPlan plan, int window, boolean byIndexAlone) {
        this(query.limit(), query.after(), plan, window, byIndexAlone);
    }

    private TaskSearch(int limit, @Nullable TaskCursor after, SearchPlan plan, int window, boolean byIndexAlone) {
        this.limit = limit;
        this.after = after;
        this.plan = plan;
        this.window = window;
        this.byIndexAlone = byIndexAlone;
        this.candidates = candidates();
        this.rest = rest();
    }

    /**
     * A search that counts.
     *
     * @param most up to which it counts
     */
    static TaskSearch counting(SearchPlan plan, int most) {
        return new TaskSearch(most, null, plan, WINDOW, false);
    }

    /** Named parameters of all statements. */
    Map<String, Object> values() {
        return values;
    }

    /** True when the page may end at the end of the window, with more behind it. */
    boolean hasWindow() {
        return byIndexAlone || plan.hasRest();
    }

    /** Selects the places of one row more than a page has. */
    String page() {
        return hasWindow()
                ? "SELECT c.id, c.submitted_at FROM (" + candidates + ") c JOIN task_result r ON r.id = c.id" + rest
                        + " ORDER BY c.submitted_at DESC, c.id DESC LIMIT " + (limit + 1)
                : candidates;
    }

    /** Counts the rows of the page, and so one more than the limit if there are more. */
    String count() {
        return "SELECT COUNT(*) FROM (" + page() + ") counted";
    }

    /** Selects the last of the tasks in the window, when there may be more behind it. */
    String endOfWindow() {
        return "SELECT id, submitted_at FROM (" + candidates + ") w" + ORDER + "1 OFFSET " + (window - 1);
    }

    private String rest() {
        if (!hasWindow()) {
            return "";
        }
        var conditions = new ConditionSql(values, "c", "r");
        return " WHERE " + conditions.of(plan.rest())
                + (byIndexAlone
                        ? " AND " + conditions.of(singleFilters()) + " AND r.submitted_at = c.submitted_at"
                        : "");
    }

    /** What the index may not know, as conditions on the rows. */
    private TaskCondition singleFilters() {
        var all = new ArrayList<TaskCondition>();
        if (!plan.states().isEmpty()) {
            all.add(new TaskCondition.Or(plan.states().stream()
                    .map(state -> is(TextColumn.STATE, state.name()))
                    .toList()));
        }
        if (plan.task() != null) {
            all.add(is(TextColumn.TASK, plan.task()));
        }
        if (plan.queue() != null) {
            all.add(is(TextColumn.QUEUE, plan.queue()));
        }
        if (plan.schedule() != null) {
            all.add(is(TextColumn.SCHEDULE, plan.schedule()));
        }
        plan.labels().forEach((name, value) -> all.add(new TaskCondition.Label(name, new Match.Whole(value))));
        plan.arguments()
                .forEach((path, value) ->
                        all.add(new TaskCondition.Argument(ArgumentPath.parse(path), new Match.Whole(value))));
        return new TaskCondition.And(all);
    }

    private static TaskCondition is(TextColumn column, String value) {
        return new TaskCondition.Text(column, new Match.Whole(value));
    }

    private String candidates() {
        var exact = plan.exact();
        if (exact != null) {
            return byValue(exact);
        }
        if (!plan.labels().isEmpty() || !plan.arguments().isEmpty()) {
            return bySideTable();
        }
        var conditions = new ArrayList<String>();
        var merged = isMergedByState();
        if (!merged) {
            inStates("state", conditions);
        }
        equal("schedule_name", plan.schedule(), conditions);
        if (!byIndexAlone || plan.schedule() == null) {
            equal("task", plan.task(), conditions);
        }
        if (!byIndexAlone || (plan.schedule() == null && plan.task() == null)) {
            equal("queue", plan.queue(), conditions);
        }
        range("submitted_at", "id", conditions);
        return merged ? mergedByState(conditions) : select("", conditions);
    }

    private boolean isMergedByState() {
        return plan.schedule() == null
                && (plan.task() != null
                        || plan.queue() != null
                        || !plan.states().isEmpty());
    }

    private String mergedByState(List<String> conditions) {
        var states = plan.states().isEmpty() ? Set.of(TaskState.values()) : plan.states();
        var branches = states.stream()
                .sorted()
                .map(state -> {
                    var branch = new ArrayList<>(conditions);
                    branch.add("state = " + quoted(state));
                    return select("", branch);
                })
                .toList();
        return branches.size() == 1
                ? branches.get(0)
                : "SELECT id, submitted_at FROM ("
                        + branches.stream().map(branch -> "(" + branch + ")").collect(joining(" UNION ALL "))
                        + ") s" + ORDER + most();
    }

    /** Names the index: for the order alone, the server might otherwise read all tasks by time. */
    private String byValue(SearchPlan.Exact exact) {
        var conditions = new ArrayList<String>();
        equal(exact.column().sql(), exact.value(), conditions);
        if (!byIndexAlone) {
            var others = new ConditionSql(values, "other", "task_result");
            conditions.add(others.of(singleFilters()));
        }
        range("submitted_at", "id", conditions);
        return select(" FORCE INDEX (" + plan.index() + ")", conditions);
    }

    private String select(String index, List<String> conditions) {
        return "SELECT id, submitted_at FROM task_result" + index
                + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions)) + ORDER + most();
    }

    private String bySideTable() {
        var conditions = new ArrayList<String>();
        var terms = sideTerms();
        for (var number = 0; number < terms.size(); number++) {
            values.put("name" + number, terms.get(number).name());
            values.put("value" + number, terms.get(number).value());
            if (number == 0) {
                conditions.add("l.name = :name0 AND l.value = :value0");
            } else if (!byIndexAlone) {
                conditions.add("EXISTS (SELECT 1 FROM " + terms.get(number).table() + " x WHERE x.task_id = l.task_id"
                        + " AND x.submitted_at = l.submitted_at AND x.name = :name"
                        + number + " AND x.value = :value" + number + ")");
            }
        }
        range("l.submitted_at", "l.task_id", conditions);
        if (!byIndexAlone) {
            conditions.add("EXISTS (SELECT 1 FROM task_result t WHERE t.id = l.task_id AND "
                    + String.join(" AND ", ofTask()) + ")");
        }
        return "SELECT l.task_id AS id, l.submitted_at FROM " + terms.get(0).table() + " l WHERE "
                + String.join(" AND ", conditions)
                + " ORDER BY l.submitted_at DESC, l.task_id DESC LIMIT " + most();
    }

    private List<SideTerm> sideTerms() {
        var terms = new ArrayList<SideTerm>();
        plan.labels()
                .forEach((name, value) ->
                        terms.add(new SideTerm("task_label", Label.compared(name), Label.compared(value))));
        plan.arguments()
                .forEach((path, value) ->
                        terms.add(new SideTerm("task_argument", Label.compared(path), ArgumentValue.compared(value))));
        return terms;
    }

    private List<String> ofTask() {
        var ofTask = new ArrayList<String>();
        ofTask.add("t.submitted_at = l.submitted_at"); // a label of the run that the row is about
        inStates("t.state", ofTask);
        equal("t.schedule_name", plan.schedule(), ofTask);
        equal("t.task", plan.task(), ofTask);
        equal("t.queue", plan.queue(), ofTask);
        return ofTask;
    }

    private void inStates(String column, List<String> conditions) {
        if (!plan.states().isEmpty() && !byIndexAlone) {
            conditions.add(column + " IN ("
                    + plan.states().stream().map(TaskSearch::quoted).collect(joining(", ")) + ")");
        }
    }

    private int most() {
        return hasWindow() ? window : limit + 1;
    }

    private static String quoted(TaskState state) {
        return "'" + state.name() + "'";
    }

    /** Compares byte for byte: the columns' collation alone takes "nightly" and "nightly " for the same. */
    private void equal(String column, @Nullable String value, List<String> conditions) {
        if (value != null) {
            var name = column.substring(column.indexOf('.') + 1);
            conditions.add(TextSql.exactly(column, ":" + name));
            values.put(name, value);
        }
    }

    private void range(String time, String id, List<String> conditions) {
        var range = plan.range();
        conditions.addAll(range.conditions(time));
        values.putAll(range.values());
        if (after != null) {
            // the index serves the first half, the second half breaks ties
            conditions.add(time + " <= :at AND (" + time + " < :at OR " + id + " < :lastId)");
            values.put("at", after.submittedAt());
            values.put("lastId", after.id());
        }
    }
}

package io.celeriac.results.condition;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.TaskJson;
import io.celeriac.results.materializer.ResultColumns;
import io.celeriac.results.table.ArgumentValue;
import io.celeriac.results.table.Label;
import io.celeriac.results.table.TextSql;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Makes SQL of conditions on a row of {@code task_result}. */
public final class ConditionSql {

    private static final List<String> TEXTS = List.of("id", "error_type", "error_message");
    private static final List<String> JSON = List.of("args", "kwargs", "result");

    private final Map<String, Object> values;
    private final String prefix;
    private final String row;
    private int number;

    /**
     * @param values takes the named parameters of the conditions
     * @param prefix of the names of these parameters
     * @param row the table's name or alias in the statement
     */
    public ConditionSql(Map<String, Object> values, String prefix, String row) {
        this.values = values;
        this.prefix = prefix;
        this.row = row;
    }

    /** The condition in parentheses; it may be NULL instead of false. */
    public String of(TaskCondition condition) {
        if (condition instanceof TaskCondition.And and) {
            return and.parts().isEmpty() ? "(1 = 1)" : joined(and.parts(), " AND ");
        }
        if (condition instanceof TaskCondition.Or or) {
            return or.parts().isEmpty() ? "(1 = 0)" : joined(or.parts(), " OR ");
        }
        if (condition instanceof TaskCondition.Not not) {
            return "(" + of(not.part()) + " IS NOT TRUE)"; // NOT alone would leave NULL as it is
        }
        if (condition instanceof TaskCondition.Text text) {
            return matched(row + "." + text.column().sql(), text.match());
        }
        if (condition instanceof TaskCondition.Numeric compared) {
            var column = row + "." + compared.column().sql();
            return compared.number() == null
                    ? present(column)
                    : compared(column, compared.comparison(), compared.number());
        }
        if (condition instanceof TaskCondition.Time compared) {
            var column = row + "." + compared.column().sql();
            return compared.instant() == null
                    ? present(column)
                    : compared(column, compared.comparison(), within(compared.instant()));
        }
        if (condition instanceof TaskCondition.RunTime runTime) {
            var took = "TIMESTAMPDIFF(MICROSECOND, " + row + ".started_at, " + row + ".finished_at)";
            return runTime.length() == null
                    ? present(took)
                    : compared(took, runTime.comparison(), runTime.length().toNanos() / 1_000);
        }
        if (condition instanceof TaskCondition.Label label) {
            return label(label);
        }
        if (condition instanceof TaskCondition.Argument argument) {
            return argument(argument);
        }
        if (condition instanceof TaskCondition.Failed failed) {
            return failed.text() == null
                    ? present(row + ".error_type")
                    : containsAny(List.of("error_type", "error_message"), value(pattern(failed.text())));
        }
        return contains(((TaskCondition.Contains) condition).text());
    }

    private String joined(List<TaskCondition> parts, String word) {
        return parts.stream().map(this::of).collect(joining(word, "(", ")"));
    }

    private static String present(String column) {
        return "(" + column + " IS NOT NULL)";
    }

    private String compared(String column, Comparison comparison, Object with) {
        return "(" + column + " " + comparison.sql() + " " + value(with) + ")";
    }

    private String matched(String column, Match match) {
        if (match instanceof Match.Whole whole) {
            return "(" + TextSql.exactly(column, value(whole.text())) + ")";
        }
        return match instanceof Match.Prefix prefix
                ? "(" + column + " LIKE " + value(literally(prefix.text()) + "%") + " ESCAPE '!')"
                : present(column);
    }

    private String label(TaskCondition.Label label) {
        var name = value(Label.compared(label.name()));
        var match = label.match();
        var matched = "";
        if (match instanceof Match.Whole whole) {
            matched = " AND x.value = " + value(Label.compared(whole.text()));
        } else if (match instanceof Match.Prefix prefix && !prefix.text().isEmpty()) {
            var from = Label.compared(prefix.text());
            var to = from.clone();
            to[to.length - 1]++; // no byte of UTF-8 is the last one
            matched = " AND x.value >= " + value(from) + " AND x.value < " + value(to);
        }
        return "(EXISTS (SELECT 1 FROM task_label x WHERE x.task_id = " + row + ".id AND x.submitted_at = " + row
                + ".submitted_at" + " AND x.name = " + name + matched + "))";
    }

    private String argument(TaskCondition.Argument argument) {
        var path = argument.path();
        var column = row + (path.isPositional() ? ".args" : ".kwargs");
        // a document with a number that no double holds is none for MySQL, and would fail the whole query
        var there = "JSON_EXTRACT(" + column + ", " + value(path.json()) + ")";
        var found = ifJson(column, "JSON_UNQUOTE(" + there + ")");
        var matched = matched("CONVERT(" + found + " USING utf8mb4) COLLATE utf8mb4_bin", argument.match());
        var number = argument.match() instanceof Match.Whole whole ? ArgumentValue.number(whole.text()) : null;
        if (number == null) {
            return matched;
        }
        var type = ifJson(column, "JSON_TYPE(" + there + ")");
        var whole = ArgumentValue.of(number);
        return "(" + matched + " OR (" + type + " IN ('INTEGER', 'UNSIGNED INTEGER') AND " + found + " = "
                + value(whole)
                + ") OR (" + type + " IN ('DOUBLE', 'DECIMAL') AND " + found + " + 0e0 = "
                + value(number.doubleValue()) + "))"; // databases show 1.50 as it is, or as 1.5
    }

    private static String ifJson(String column, String expression) {
        return "CASE WHEN JSON_VALID(" + column + ") THEN " + expression + " END";
    }

    private String contains(String text) {
        return "(" + containsAny(TEXTS, value(pattern(text))) + " OR "
                + containsAny(JSON, value(pattern(insideJson(text)))) + ")";
    }

    /** Matches letters in either case, everything else character by character. */
    private String containsAny(List<String> columns, String pattern) {
        return columns.stream()
                .map(column -> "LOWER(" + row + "." + column + ") LIKE LOWER(" + pattern + ") ESCAPE '!'")
                .collect(joining(" OR ", "(", ")"));
    }

    private static String pattern(String text) {
        return "%" + literally(text) + "%";
    }

    private static String literally(String text) {
        return text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
    }

    /** The text as it stands inside a JSON string of the columns: a person looks for the text, not for its JSON. */
    private static String insideJson(String text) {
        var quoted = TaskJson.MAPPER.writeValueAsString(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    /** An instant beyond what the columns hold is as good as the last one that they hold. */
    private static Object within(Instant instant) {
        if (instant.isBefore(ResultColumns.EARLIEST.toInstant(ZoneOffset.UTC))) {
            return ResultColumns.EARLIEST;
        }
        return instant.isAfter(ResultColumns.LATEST.toInstant(ZoneOffset.UTC))
                ? ResultColumns.LATEST
                : ResultColumns.utc(instant);
    }

    private String value(Object value) {
        var name = prefix + number++;
        values.put(name, value);
        return ":" + name;
    }
}

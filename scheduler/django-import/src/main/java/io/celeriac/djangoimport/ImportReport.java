package io.celeriac.djangoimport;

import io.celeriac.contract.TaskJson;
import io.celeriac.schedule.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The outcome for each task of the source.
 *
 * @param dryRun whether nothing was written
 * @param lines in the order of the tasks' ids
 */
record ImportReport(boolean dryRun, List<Line> lines) {

    ImportReport {
        lines = List.copyOf(lines);
    }

    /** The outcome for a task. */
    enum Result {
        IMPORTED,
        UPDATED,
        UNCHANGED,
        /** Somebody changed the schedule here. */
        LEFT_ALONE,
        /** Celeriac does the work of this task by other means. */
        NOT_NEEDED,
        NOT_IMPORTED;

        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * A line of the report: the outcome for one task.
     *
     * @param name of the task in the source
     * @param schedule name of its schedule; null if it has none
     * @param when its rule in words; null when it has none
     * @param remarks what differs, or why there is no schedule
     */
    record Line(
            long id,
            String name,
            Result result,
            @Nullable String schedule,
            @Nullable String when,
            List<String> remarks) {

        static Line of(SourceTask task, Result result, Schedule schedule, List<String> remarks) {
            var rule = schedule.timing().rule();
            return new Line(
                    task.id(),
                    task.name(),
                    result,
                    schedule.name(),
                    rule.description() + (schedule.enabled() ? "" : ", paused"),
                    remarks);
        }

        static Line without(SourceTask task, Result result, String reason) {
            return new Line(task.id(), task.name(), result, null, null, List.of(reason));
        }

        private String text(int width) {
            var text = new ArrayList<String>();
            text.add(String.format(
                            Locale.ROOT,
                            "%-13s %-" + width + "s %s",
                            result.words(),
                            printable(name),
                            when == null ? "" : when)
                    .stripTrailing());
            remarks.forEach(remark -> text.add("              - " + printable(remark)));
            return String.join("\n", text);
        }

        private static String printable(String text) {
            return text.replaceAll("\\p{Cntrl}", " ");
        }

        private ObjectNode json() {
            var json = TaskJson.MAPPER
                    .createObjectNode()
                    .put("id", id)
                    .put("name", name)
                    .put("result", result.words());
            json.put("schedule", schedule).put("when", when).set("remarks", TaskJson.tree(remarks));
            return json;
        }
    }

    /** Whether a task could not be imported. */
    boolean isIncomplete() {
        return lines.stream().anyMatch(line -> line.result == Result.NOT_IMPORTED);
    }

    /** The report for people: a line for each task, with remarks below, and sums. */
    String text() {
        var width = Math.min(
                60, lines.stream().mapToInt(line -> line.name.length()).max().orElse(0));
        var text = new ArrayList<String>();
        lines.forEach(line -> text.add(line.text(Math.max(width, 1))));
        if (!lines.isEmpty()) {
            text.add("");
        }
        text.add(sums() + (dryRun ? "\nThis was a dry run: nothing is written." : ""));
        return String.join("\n", text);
    }

    private String sums() {
        var remarked = lines.stream()
                .filter(line -> line.schedule != null && !line.remarks.isEmpty())
                .count();
        return lines.size() + (lines.size() == 1 ? " task: " : " tasks: ")
                + counts().entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey().words())
                        .collect(Collectors.joining(", "))
                + "; " + remarked + " with remarks.";
    }

    private Map<Result, Long> counts() {
        var counts = new EnumMap<Result, Long>(Result.class);
        Arrays.stream(Result.values()).forEach(result -> counts.put(result, 0L));
        lines.forEach(line -> counts.merge(line.result, 1L, Long::sum));
        return counts;
    }

    /**
     * The report for programs: {@code {"dryRun": …, "counts": {…}, "tasks": [{"id", "name", "result", "schedule", "when",
     * "remarks"}]}}.
     */
    ObjectNode json() {
        var json = TaskJson.MAPPER.createObjectNode().put("dryRun", dryRun);
        var counts = json.putObject("counts");
        counts().forEach((result, count) -> counts.put(result.words(), count));
        var tasks = json.putArray("tasks");
        lines.forEach(line -> tasks.add(line.json()));
        return json;
    }
}

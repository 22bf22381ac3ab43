package io.celeriac.results.query;

import static java.util.stream.Collectors.toSet;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.Comparison;
import io.celeriac.results.condition.Match;
import io.celeriac.results.condition.TaskCondition;
import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.condition.TimeColumn;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.results.table.ArgumentValue;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TaskFilter} taken apart: what an index can serve, and the rest. The parts of the filter's condition that say the same as a
 * single filter become that filter. Every part must hold.
 */
final class SearchPlan {

    /** The few rows that have a value in a column with an index of its own. */
    record Exact(TextColumn column, String value) {}

    private final Set<String> indexedArguments;
    private final Map<String, String> labels = new LinkedHashMap<>();
    private final Map<String, String> arguments = new LinkedHashMap<>();
    private final List<TaskCondition> rest = new ArrayList<>();
    private Set<TaskState> states;
    private @Nullable String task;
    private @Nullable String queue;
    private @Nullable String schedule;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private @Nullable Exact exact;
    private boolean nothing;

    /**
     * @param indexedArguments paths of arguments that the table {@code task_argument} has
     */
    SearchPlan(TaskFilter filter, Set<String> indexedArguments) {
        this.indexedArguments = indexedArguments;
        states = filter.states();
        task = filter.task();
        queue = filter.queue();
        schedule = filter.schedule();
        labels.putAll(filter.labels());
        from = filter.from();
        to = filter.to();
        if (filter.text() != null) {
            rest.add(new TaskCondition.Contains(filter.text()));
        }
        add(filter.condition());
    }

    private void add(TaskCondition condition) {
        if (condition instanceof TaskCondition.And and) {
            and.parts().forEach(this::add);
        } else if (!isServed(condition)) {
            rest.add(condition);
        }
    }

    private boolean isServed(TaskCondition condition) {
        if (condition instanceof TaskCondition.Or or) {
            return !or.parts().isEmpty()
                    && or.parts().stream().allMatch(SearchPlan::isState)
                    && narrow(statesOf(or.parts()));
        }
        if (condition instanceof TaskCondition.Not not) {
            return isState(not.part()) && narrow(EnumSet.complementOf(EnumSet.copyOf(statesOf(List.of(not.part())))));
        }
        if (condition instanceof TaskCondition.Text text && text.match() instanceof Match.Whole whole) {
            return isServed(text.column(), whole.text(), condition);
        }
        if (condition instanceof TaskCondition.Label label && label.match() instanceof Match.Whole whole) {
            return Objects.equals(labels.putIfAbsent(label.name(), whole.text()), null);
        }
        if (condition instanceof TaskCondition.Argument argument && argument.match() instanceof Match.Whole whole) {
            return isIndexed(argument.path())
                    && ArgumentValue.isInIndex(whole.text())
                    && arguments.putIfAbsent(argument.path().toString(), whole.text()) == null;
        }
        return condition instanceof TaskCondition.Time time
                && time.column() == TimeColumn.SUBMITTED
                && time.instant() != null
                && bound(time.comparison(), time.instant());
    }

    private boolean isIndexed(ArgumentPath path) {
        return indexedArguments.contains(path.toString());
    }

    private boolean isServed(TextColumn column, String value, TaskCondition condition) {
        switch (column) {
            case STATE -> {
                return isState(condition) && narrow(statesOf(List.of(condition)));
            }
            case TASK -> task = same(task, value);
            case QUEUE -> queue = same(queue, value);
            case SCHEDULE -> schedule = same(schedule, value);
            case ID, PARENT, ROOT, GROUP, RETRY_OF -> {
                if (exact != null) {
                    return false;
                }
                exact = new Exact(column, value);
            }
            case REASON, WORKER, KEY -> {
                return false;
            }
        }
        return true;
    }

    private static boolean isState(TaskCondition condition) {
        return condition instanceof TaskCondition.Text text
                && text.column() == TextColumn.STATE
                && text.match() instanceof Match.Whole whole
                && Arrays.stream(TaskState.values())
                        .anyMatch(state -> state.name().equals(whole.text()));
    }

    private static Set<TaskState> statesOf(Collection<TaskCondition> conditions) {
        return conditions.stream()
                .map(condition -> ((Match.Whole) ((TaskCondition.Text) condition).match()).text())
                .map(TaskState::valueOf)
                .collect(toSet());
    }

    private boolean narrow(Set<TaskState> to) {
        var both = EnumSet.copyOf(states.isEmpty() ? EnumSet.allOf(TaskState.class) : states);
        both.retainAll(to);
        nothing |= both.isEmpty();
        states = both;
        return true;
    }

    private String same(@Nullable String old, String value) {
        nothing |= old != null && !old.equals(value);
        return value;
    }

    private boolean bound(Comparison comparison, Instant instant) {
        var next = instant.truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS);
        switch (comparison) {
            case EQUAL -> {
                return false;
            }
            case GREATER_OR_EQUAL -> from = later(instant);
            case GREATER -> from = later(next);
            case LESS -> to = earlier(instant);
            case LESS_OR_EQUAL -> to = earlier(next);
        }
        return true;
    }

    private Instant later(Instant bound) {
        return from == null || bound.isAfter(from) ? bound : from;
    }

    private Instant earlier(Instant bound) {
        return to == null || bound.isBefore(to) ? bound : to;
    }

    /** True when no task can fit: two of the conditions contradict each other. */
    boolean findsNothing() {
        return nothing;
    }

    /** True when tasks that the index finds may still not fit. */
    boolean hasRest() {
        return !rest.isEmpty();
    }

    /** The parts of {@link #rest}. */
    List<TaskCondition> unserved() {
        return List.copyOf(rest);
    }

    /** What no index serves. */
    TaskCondition rest() {
        return new TaskCondition.And(rest);
    }

    /** Any of these; empty for any. */
    Set<TaskState> states() {
        return states;
    }

    @Nullable
    String task() {
        return task;
    }

    @Nullable
    String queue() {
        return queue;
    }

    @Nullable
    String schedule() {
        return schedule;
    }

    Map<String, String> labels() {
        return labels;
    }

    /** Values of indexed arguments, by path. */
    Map<String, String> arguments() {
        return arguments;
    }

    @Nullable
    Exact exact() {
        return exact;
    }

    TimeRange range() {
        return new TimeRange(from, to);
    }

    /** The index in whose order the tasks are found. */
    String index() {
        if (exact != null) {
            return Objects.requireNonNull(exact.column().index());
        }
        if (!labels.isEmpty()) {
            return "task_label_by_value";
        }
        if (!arguments.isEmpty()) {
            return "task_argument_by_value";
        }
        if (schedule != null) {
            return "task_result_by_schedule";
        }
        if (task != null) {
            return "task_result_by_task";
        }
        if (queue != null) {
            return "task_result_by_queue";
        }
        return states.isEmpty() ? "task_result_by_time" : "task_result_by_state";
    }
}

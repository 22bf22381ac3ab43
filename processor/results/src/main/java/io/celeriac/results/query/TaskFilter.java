package io.celeriac.results.query;

import io.celeriac.contract.task.TaskState;
import io.celeriac.results.condition.TaskCondition;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Selects tasks; all given conditions must hold.
 *
 * @param states any of these; empty for any
 * @param task name of the handler; null for any
 * @param queue null for any
 * @param schedule name of the schedule that emitted it; null for any
 * @param labels each must be there with its value
 * @param from submitted then or later; null for any time
 * @param to submitted before; null for any time
 * @param text found in the id, the arguments, the result, the error's type or its message. It is written as a person reads it: quotes,
 *     backslashes and line ends as they are. Letters match in either case, everything else character by character; null for any
 * @param condition a further condition, such as a search by the grammar; {@link TaskCondition#all()} for none
 */
public record TaskFilter(
        Set<TaskState> states,
        @Nullable String task,
        @Nullable String queue,
        @Nullable String schedule,
        Map<String, String> labels,
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String text,
        TaskCondition condition) {

    /** Every task. */
    public static final TaskFilter ALL = new TaskFilter(Set.of(), null, null, null, Map.of(), null, null, null);

    /** A filter without a further condition. */
    public TaskFilter(
            Set<TaskState> states,
            @Nullable String task,
            @Nullable String queue,
            @Nullable String schedule,
            Map<String, String> labels,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String text) {
        this(states, task, queue, schedule, labels, from, to, text, TaskCondition.all());
    }

    public TaskFilter {
        states = Collections.unmodifiableSet(new TreeSet<>(states));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /** The same, with one more condition that must hold. */
    public TaskFilter and(TaskCondition more) {
        return new TaskFilter(
                states, task, queue, schedule, labels, from, to, text, new TaskCondition.And(List.of(condition, more)));
    }
}

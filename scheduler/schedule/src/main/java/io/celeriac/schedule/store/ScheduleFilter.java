package io.celeriac.schedule.store;

import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.schedule.rule.InvalidScheduleException;
import io.celeriac.schedule.rule.ScheduleRule;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A filter for schedules. All its conditions must hold; null and empty labels are no condition.
 *
 * @param namePrefix start of the name, 1 to 200 characters
 * @param task name of the handler
 * @param queues queues of the tasks: one of them; null for all
 * @param kind one of {@link ScheduleRule#KINDS}
 * @param enabled false for paused schedules
 * @param declaredBy name of the application that declares and owns it
 * @param labels names and values
 */
public record ScheduleFilter(
        @Nullable String namePrefix,
        @Nullable String task,
        @Nullable Set<String> queues,
        @Nullable String kind,
        @Nullable Boolean enabled,
        @Nullable String declaredBy,
        Map<String, String> labels) {

    /** All schedules. */
    public static final ScheduleFilter ALL = new ScheduleFilter(null, null, null, null, null, null, Map.of());

    private static final int LONGEST_PREFIX = 200;
    private static final int LONGEST_SOURCE = 100;

    public ScheduleFilter {
        checkLength("namePrefix", namePrefix, LONGEST_PREFIX);
        checkLength("declaredBy", declaredBy, LONGEST_SOURCE);
        try {
            if (task != null) {
                TaskRules.name(task);
            }
            if (queues != null) {
                queues.forEach(TaskRules::queue);
            }
        } catch (InvalidTaskException e) {
            throw new InvalidScheduleException(e.field(), e.rule());
        }
        if (kind != null && !ScheduleRule.KINDS.contains(kind)) {
            throw new InvalidScheduleException(
                    "kind", "must be one of " + ScheduleRule.KINDS + ", but is \"" + kind + '"');
        }
        queues = queues == null ? null : Set.copyOf(queues);
        labels = Map.copyOf(labels);
    }

    private static void checkLength(String field, @Nullable String text, int most) {
        if (text != null && (text.isBlank() || text.length() > most)) {
            throw new InvalidScheduleException(field, "must have 1 to " + most + " characters");
        }
    }

    /** The schedules whose names start with a text. */
    public static ScheduleFilter named(String prefix) {
        return new ScheduleFilter(prefix, null, null, null, null, null, Map.of());
    }
}

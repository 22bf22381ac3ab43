package io.celeriac.djangoimport;

import io.celeriac.contract.rule.Limits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns names of tasks, which may have any characters, into names of schedules. Other characters become {@code -}. If the result is
 * taken, the id of the task is appended. A valid name stays as it is. The same tasks always get the same names.
 */
final class ScheduleNames {

    private static final int LONGEST = 200;
    private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9_.:-]+");
    private static final Pattern EMPTY = Pattern.compile("-*");

    private final String prefix;
    private final Set<String> taken = new HashSet<>();
    private final Map<Long, String> names = new HashMap<>();

    private ScheduleNames(String prefix) {
        this.prefix = prefix;
    }

    /**
     * @param prefix put in front of every name; may be empty
     * @param tasks in the order of their ids
     * @return by the tasks' ids
     */
    static Map<Long, String> of(String prefix, List<SourceTask> tasks) {
        var names = new ScheduleNames(prefix);
        tasks.stream().filter(task -> names.fits(task.name())).forEach(task -> names.give(task, prefix + task.name()));
        tasks.stream().filter(task -> !names.fits(task.name())).forEach(task -> names.give(task, names.fitted(task)));
        return names.names;
    }

    private boolean fits(String name) {
        return !name.isEmpty()
                && !UNFIT.matcher(name).find()
                && prefix.length() + name.length() <= LONGEST
                && !isReserved(prefix + name);
    }

    private String fitted(SourceTask task) {
        var fitted = UNFIT.matcher(task.name()).replaceAll("-");
        return cut(prefix + (EMPTY.matcher(fitted).matches() ? "task" : fitted), "");
    }

    private void give(SourceTask task, String wanted) {
        var name = wanted;
        for (var suffix = "-" + task.id(); isReserved(name) || !taken.add(name); suffix += "-" + task.id()) {
            name = cut(wanted, suffix);
        }
        names.put(task.id(), name);
    }

    private static boolean isReserved(String name) {
        return Limits.RESERVED_SCHEDULE_NAMES.contains(name);
    }

    private static String cut(String name, String suffix) {
        return name.substring(0, Math.min(name.length(), LONGEST - suffix.length())) + suffix;
    }
}

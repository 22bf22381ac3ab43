package io.celeriac.scheduleweb.page;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader looks for in the list of schedules, such as {@code report task:report.write is:paused}.
 *
 * <p>Words with a known field before a colon are filters. Any other word is the beginning of the name, since a name may have colons.
 *
 * @param namePrefix null for any, as are the others
 * @param enabled false for paused schedules
 * @param labels each {@code name:value}
 */
record ScheduleSearch(
        @Nullable String namePrefix,
        @Nullable String task,
        @Nullable String queue,
        @Nullable String kind,
        @Nullable Boolean enabled,
        @Nullable String declaredBy,
        List<String> labels) {

    /** The search for schedules that are on. */
    static final String ON = "is:on";

    /** The search for schedules that are paused. */
    static final String PAUSED = "is:paused";

    private static final String LABEL = "label.";

    static ScheduleSearch of(String text) {
        var search = new ScheduleSearch(null, null, null, null, null, null, List.of());
        for (var word : text.strip().split("\\s+", -1)) {
            search = word.isEmpty() ? search : search.with(word);
        }
        return search;
    }

    private ScheduleSearch with(String word) {
        var colon = word.indexOf(':');
        var field = colon < 1 ? "" : word.substring(0, colon);
        var value = word.substring(colon + 1);
        if (value.isEmpty()) {
            return named(word);
        }
        if (field.startsWith(LABEL) && field.length() > LABEL.length()) {
            var more = new ArrayList<>(labels);
            more.add(field.substring(LABEL.length()) + ':' + value);
            return new ScheduleSearch(namePrefix, task, queue, kind, enabled, declaredBy, List.copyOf(more));
        }
        return switch (field) {
            case "name" -> named(value);
            case "task" -> new ScheduleSearch(namePrefix, value, queue, kind, enabled, declaredBy, labels);
            case "queue" -> new ScheduleSearch(namePrefix, task, value, kind, enabled, declaredBy, labels);
            case "kind" -> new ScheduleSearch(namePrefix, task, queue, value, enabled, declaredBy, labels);
            case "by" -> new ScheduleSearch(namePrefix, task, queue, kind, enabled, value, labels);
            case "is" ->
                word.equals(ON) || word.equals(PAUSED)
                        ? new ScheduleSearch(namePrefix, task, queue, kind, word.equals(ON), declaredBy, labels)
                        : named(word);
            default -> named(word);
        };
    }

    private ScheduleSearch named(String prefix) {
        return new ScheduleSearch(prefix, task, queue, kind, enabled, declaredBy, labels);
    }
}

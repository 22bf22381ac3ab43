package io.celeriac.results.count;

import java.time.LocalDateTime;
import java.util.Comparator;

/**
 * A row of {@code task_count}.
 *
 * @param minute of the end, UTC
 */
public record CountKey(LocalDateTime minute, String queue, String task, String state) implements Comparable<CountKey> {

    private static final Comparator<CountKey> ORDER = Comparator.comparing(CountKey::minute)
            .thenComparing(CountKey::queue)
            .thenComparing(CountKey::task)
            .thenComparing(CountKey::state);

    /** The order in which every program locks the rows. */
    @Override
    public int compareTo(CountKey other) {
        return ORDER.compare(this, other);
    }
}

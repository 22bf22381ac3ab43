package io.celeriac.results.count;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;

/**
 * A counter: the rows of {@code task_count} or {@code task_count_hour} that differ only in their slot.
 *
 * @param time minute or hour of the end, or of the submission, UTC
 * @param state of a task that has ended; {@value #SUBMITTED} counts submissions
 */
public record CountKey(LocalDateTime time, String queue, String task, String state) implements Comparable<CountKey> {

    static final String SUBMITTED = "PENDING";

    private static final Comparator<CountKey> ORDER = Comparator.comparing(CountKey::time)
            .thenComparing(CountKey::queue)
            .thenComparing(CountKey::task)
            .thenComparing(CountKey::state);

    static CountKey ofSubmission(LocalDateTime submittedAt, String queue, String task) {
        return new CountKey(submittedAt.truncatedTo(ChronoUnit.MINUTES), queue, task, SUBMITTED);
    }

    CountKey inItsHour() {
        return new CountKey(time.truncatedTo(ChronoUnit.HOURS), queue, task, state);
    }

    /** The order in which every program locks the rows. */
    @Override
    public int compareTo(CountKey other) {
        return ORDER.compare(this, other);
    }
}

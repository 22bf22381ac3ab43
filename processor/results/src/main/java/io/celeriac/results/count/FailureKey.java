package io.celeriac.results.count;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A counter of failed tasks: the rows of {@code failure_count} or {@code failure_count_hour} that differ only in their slot.
 *
 * @param time minute or hour of the end, UTC
 * @param origin where in the code the error came from; null when that is not known
 */
record FailureKey(
        LocalDateTime time,
        String queue,
        String task,
        String errorType,
        @Nullable String origin) implements Comparable<FailureKey> {

    private static final Comparator<FailureKey> ORDER = Comparator.comparing(FailureKey::time)
            .thenComparing(FailureKey::queue)
            .thenComparing(FailureKey::task)
            .thenComparing(FailureKey::errorType)
            .thenComparing(key -> String.valueOf(key.origin()));

    FailureKey inItsHour() {
        return new FailureKey(time.truncatedTo(ChronoUnit.HOURS), queue, task, errorType, origin);
    }

    /** Stands for queue, task, type and origin in the rows' key, which has no room for them. */
    byte[] kind() {
        var all = String.join("\n", queue, task, errorType, origin == null ? "" : origin);
        try {
            return MessageDigest.getInstance("MD5").digest(all.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** The order in which every program locks the rows. */
    @Override
    public int compareTo(FailureKey other) {
        return ORDER.compare(this, other);
    }
}

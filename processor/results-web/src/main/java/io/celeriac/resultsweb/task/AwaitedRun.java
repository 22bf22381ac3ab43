package io.celeriac.resultsweb.task;

import io.celeriac.contract.result.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides which final states end a wait. Without a receipt all do. With a receipt, the final state of an earlier run of the same id does
 * not, unless that run ended so recently that the worker may have dropped the new record as a duplicate.
 */
final class AwaitedRun {

    /** How long a worker drops a second record of an id; the default of {@code celeriac.worker.deduplication}. */
    private static final Duration DEDUPLICATION = Duration.ofMinutes(10);

    private AwaitedRun() {}

    /**
     * @param receipt in the form that {@link ReadYourWrites} has checked; null for none
     */
    static Predicate<TaskResult> of(@Nullable String receipt, Instant now) {
        if (receipt == null) {
            return result -> true;
        }
        var parts = ReadYourWrites.RECEIPT.matcher(receipt);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no receipt: " + receipt);
        }
        var queue = parts.group(1);
        var partition = Integer.parseInt(parts.group(2));
        var offset = Long.parseLong(parts.group(3));
        return result -> {
            var isEarlier = result.queue().equals(queue)
                    && result.partition() != null
                    && result.partition() == partition
                    && result.offset() != null
                    && result.offset() < offset;
            return !isEarlier
                    || (result.finishedAt() != null && result.finishedAt().isAfter(now.minus(DEDUPLICATION)));
        };
    }
}

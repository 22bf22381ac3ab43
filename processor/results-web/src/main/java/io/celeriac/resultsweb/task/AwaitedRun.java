package io.celeriac.resultsweb.task;

import io.celeriac.contract.result.TaskResult;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which final states end a wait. Without a receipt all do. With the receipt of a submission, that of an earlier run of the same id
 * does not; but where it is so young that the worker has dropped the new record as its duplicate, it is the answer.
 */
final class AwaitedRun {

    /** As long as a worker drops a second record of an id, by default: {@code celeriac.worker.deduplication}. */
    private static final Duration DEDUPLICATION = Duration.ofMinutes(10);

    private AwaitedRun() {}

    /**
     * @param receipt as {@link ReadYourWrites} has checked it; null for none
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

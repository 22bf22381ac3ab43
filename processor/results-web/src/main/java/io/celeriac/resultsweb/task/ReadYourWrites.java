package io.celeriac.resultsweb.task;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Makes a query wait until the database has a submitted task. With the receipt of its submission, a caller is never told that the task
 * does not exist.
 */
public final class ReadYourWrites {

    static final String DESCRIPTION =
            "Waits up to 10 s until the database has the task of this receipt. It is the receipt's queue, partition and"
                    + " offset, as in the example.";

    static final Pattern RECEIPT = Pattern.compile("([a-z0-9-]{1,80})-(\\d{1,9})-(\\d{1,18})");
    private static final Logger LOG = LoggerFactory.getLogger(ReadYourWrites.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final TaskResultRepository database;
    private final Topics topics;
    private final QueueDirectory queues;
    private final Executor executor;

    /**
     * @param executor for queries to the database
     */
    ReadYourWrites(TaskResultRepository database, Topics topics, QueueDirectory queues, Executor executor) {
        this.database = database;
        this.topics = topics;
        this.queues = queues;
        this.executor = executor;
    }

    /**
     * Completes when the database has the task of the receipt; at once for null. It holds no thread while it waits. It fails with a
     * {@link ProblemException} after ten seconds.
     *
     * @throws ProblemException when it is not a receipt
     */
    CompletableFuture<Boolean> reached(@Nullable String receipt) {
        if (receipt == null) {
            return CompletableFuture.completedFuture(true);
        }
        var parts = RECEIPT.matcher(receipt);
        if (!parts.matches()) {
            throw ProblemException.invalid(
                    "atLeast", "must be <queue>-<partition>-<offset> of a receipt, such as default-3-41");
        }
        var partition =
                new TopicPartition(topics.tasks(TaskRules.queue(parts.group(1))), Integer.parseInt(parts.group(2)));
        return reached(
                partition, Long.parseLong(parts.group(3)), System.nanoTime() + PATIENCE.toNanos(), SHORTEST_PAUSE);
    }

    private CompletableFuture<Boolean> reached(TopicPartition partition, long offset, long end, Duration wait) {
        return CompletableFuture.supplyAsync(() -> database.nextOffset(partition), executor)
                .thenCompose(next -> {
                    if (next.isPresent() && next.get() > offset) {
                        return CompletableFuture.completedFuture(true);
                    }
                    if (System.nanoTime() > end) {
                        return CompletableFuture.failedFuture(isOfNothing(partition, offset) ? odd() : late(next));
                    }
                    var pause = CompletableFuture.delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS, executor);
                    return CompletableFuture.supplyAsync(() -> true, pause)
                            .thenCompose(paused -> reached(partition, offset, end, longer(wait)));
                });
    }

    /** Doubles the pause, so that many long waits do not keep the database busy. */
    private static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Asks the broker, only when the wait is over: until then the database is enough, and the broker may be unavailable. */
    private boolean isOfNothing(TopicPartition partition, long offset) {
        try {
            return !queues.hasGiven(partition, offset);
        } catch (KafkaException e) {
            LOG.debug("the broker does not say whether there is a task {}@{}", partition, offset, e);
            return false;
        }
    }

    private static ProblemException odd() {
        return ProblemException.invalid(
                "atLeast", "must be of a receipt, but there is no such queue, partition or offset");
    }

    private static ProblemException late(Optional<Long> next) {
        return new ProblemException(
                HttpStatus.SERVICE_UNAVAILABLE,
                next.isPresent()
                        ? "the database is behind: it has the tasks of that partition up to offset " + (next.get() - 1)
                        : "the database has no task of that partition yet, or no worker writes those that wait"
                                + " (celeriac.results.pending.enabled)");
    }
}

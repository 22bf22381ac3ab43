package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.consumer.Published;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.store.StoredTask;
import io.celeriac.engine.store.StoredTask.Ended;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finishes the attempts of a partition before it moves to another owner. Belongs to the stream thread.
 *
 * <p>Nothing can be published here any more. A task that ends in time is logged with its outcome, and the next owner publishes the
 * outcome without running the task again. Under at-least-once the task is logged at once, as no offset is involved; under exactly-once
 * the entry has to be in the transaction that Streams commits for the revocation.
 */
final class PartitionDrain {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionDrain.class);
    private static final Duration STOP = Duration.ofSeconds(1);

    private final TopicPartition source;
    private final AttemptQueue attempts;
    private final Dispatcher dispatcher;
    private final UnfinishedTasks store;
    private final OutcomeRecords outcomes;
    private final Published published;
    private final InstantSource clock;
    private final boolean exactlyOnce;
    private final boolean inOrder;
    private final Map<String, List<OutboundRecord>> before =
            new HashMap<>(); // records that a task has still to send, by its id

    PartitionDrain(
            TopicPartition source,
            AttemptQueue attempts,
            Dispatcher dispatcher,
            UnfinishedTasks store,
            OutcomeRecords outcomes,
            Published published,
            QueueProperties settings,
            InstantSource clock) {
        this.source = source;
        this.attempts = attempts;
        this.dispatcher = dispatcher;
        this.store = store;
        this.outcomes = outcomes;
        this.published = published;
        this.clock = clock;
        this.exactlyOnce = settings.exactlyOnce();
        this.inOrder = settings.order() != Order.UNORDERED;
    }

    /**
     * @param patience how long to wait for running attempts
     * @return whether the revocation has to commit something
     */
    boolean finish(Duration patience) {
        try {
            if (!attempts.awaitIdle(patience) && !stopped()) {
                LOG.info(
                        "{} moves with {} tasks running: they will run again at its next owner",
                        source,
                        attempts.running().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var logged = 0;
        for (var report = attempts.poll(); report != null; report = attempts.poll()) {
            logged += logged(report) ? 1 : 0;
        }
        attempts.close();
        if (logged == 0 && !isMarkOpen()) {
            return false;
        }
        log();
        return true;
    }

    /**
     * Interrupts the running tasks if tasks have an order. A task that ran on here would run beside its successors at the next owner.
     * Only a handler that ignores the interrupt runs on.
     */
    private boolean stopped() throws InterruptedException {
        if (!inOrder) {
            return false;
        }
        dispatcher.stop(attempts);
        return attempts.awaitIdle(STOP);
    }

    /**
     * Logs the owner's mark. A worker that stops no longer commits for an idle partition, so the mark is logged without a commit or,
     * under exactly-once, by a commit of its own.
     *
     * @return whether that commit is still to be made
     */
    boolean leaveIfIdle() {
        if (!attempts.isDraining() || !attempts.running().isEmpty()) {
            return false;
        }
        if (isMarkOpen() && exactlyOnce) {
            return true;
        }
        if (isMarkOpen()) {
            log();
        }
        attempts.left();
        return false;
    }

    private boolean isMarkOpen() {
        var mark = store.loggedMark();
        return mark != null && !mark.left();
    }

    private void log() {
        if (exactlyOnce) {
            return;
        }
        try {
            store.flushCache();
            published.flush();
        } catch (TaskMigratedException e) {
            LOG.warn("{} may already have a new owner, which runs again the tasks that were not published", source);
            store.discard();
            throw e; // the offset of a task that is not logged must not be committed
        }
    }

    private boolean logged(AttemptOutcome report) {
        if (!(store.get(report.id()) instanceof Waiting)) {
            return false;
        }
        if (report instanceof AttemptOutcome.Finished finished && finished.isPublished()) {
            store.finish(finished.task(), finished.state(), clock.millis());
            return true;
        }
        var toSend = before.computeIfAbsent(report.id(), id -> new ArrayList<>());
        toSend.addAll(report.publications());
        if (report instanceof AttemptOutcome.Finished finished) {
            return log(new Ended(finished.task(), finished.state(), toSend));
        } else if (report instanceof AttemptOutcome.Retried retried) {
            return log(Waiting.until(retried.due(), retried.again(), toSend));
        }
        return false; // it still runs, and runs again at the next owner
    }

    private boolean log(StoredTask after) {
        if (!outcomes.fits(store.size(after))) {
            return false; // the task, its result and its dead letter do not fit into one record: it runs again
        }
        store.update(after);
        return true;
    }
}

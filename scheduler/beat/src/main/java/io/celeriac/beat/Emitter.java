package io.celeriac.beat;

import io.celeriac.client.Receipt;
import io.celeriac.client.TaskClient;
import io.celeriac.contract.InvalidTaskException;
import io.celeriac.schedule.Plan;
import io.celeriac.schedule.ScheduleFiring;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the tasks of a batch of plans and waits for the broker's word on each.
 *
 * <p>A schedule moves on when the broker has all its tasks. A task that no repetition gets there, too large or not a task, is
 * skipped with the reason; with any other failure the schedule stays due. Where one task of a queue could not be sent, the queue's
 * others are not tried, and when a second queue fails, the broker is away and nothing is. For use by one thread.
 */
final class Emitter {

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);

    private final TaskClient client;
    private final QueueTopics queues;
    private final BeatMetrics metrics;
    private final InstantSource clock;
    private final Outage broker;

    Emitter(TaskClient client, QueueTopics queues, BeatMetrics metrics, Outage broker, InstantSource clock) {
        this.client = client;
        this.queues = queues;
        this.metrics = metrics;
        this.broker = broker;
        this.clock = clock;
    }

    /** Makes a queue ready, so that its first task does not wait for it. Safe to repeat; does nothing when it cannot. */
    void prepare(String queue) {
        try {
            queues.require(queue);
        } catch (RuntimeException e) {
            broker.away(e);
        }
    }

    /** Blocks until the broker has answered for each; answers the plans that it has, in their order. */
    <P extends Plan<P>> List<P> emit(List<P> plans) {
        var sending = new ArrayList<Sending<P>>();
        var failed = new HashSet<String>();
        for (var plan : plans) {
            var queue = plan.schedule().schedule().template().queue();
            if (!plan.toSend().isEmpty() && failed.contains(queue)) {
                continue;
            }
            var next = send(plan);
            sending.add(next);
            if (next.hasFailed()) {
                failed.add(queue);
                queues.forget(queue);
            }
            if (failed.size() > 1) {
                break;
            }
        }
        var emitted =
                sending.stream().map(this::settled).flatMap(Optional::stream).toList();
        if (emitted.size() == plans.size()) {
            broker.back();
        }
        return emitted;
    }

    private record Sent(ScheduleFiring firing, CompletableFuture<Receipt> receipt) {}

    private record Sending<P>(P plan, List<CompletableFuture<Void>> revoked, List<Sent> sent) {

        /** Whether one has failed already, which a send does at once only when there is no broker to be found. */
        boolean hasFailed() {
            return sent.stream().anyMatch(each -> hasFailed(each.receipt))
                    || revoked.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
        }

        private static boolean hasFailed(CompletableFuture<?> receipt) {
            return receipt.isCompletedExceptionally()
                    && receipt.handle((done, error) -> error != null && !isForEver(rootOf(error)))
                            .join();
        }
    }

    private <P extends Plan<P>> Sending<P> send(P plan) {
        var queue = plan.schedule().schedule().template().queue();
        return new Sending<>(
                plan,
                plan.toRevoke().stream().map(id -> client.revoke(id, true)).toList(),
                plan.toSend().stream()
                        .map(firing -> new Sent(firing, send(queue, plan, firing)))
                        .toList());
    }

    private CompletableFuture<Receipt> send(String queue, Plan<?> plan, ScheduleFiring firing) {
        try {
            queues.require(queue);
            return client.sendTo(queue, plan.task(firing));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private <P extends Plan<P>> Optional<P> settled(Sending<P> sending) {
        var plan = sending.plan;
        try {
            sending.revoked.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            broker.away(rootOf(e));
            return Optional.empty();
        }
        for (var sent : sending.sent) {
            try {
                sent.receipt.join();
            } catch (CompletionException e) {
                var cause = rootOf(e);
                if (!isForEver(cause)) {
                    broker.away(cause);
                    return Optional.empty();
                }
                LOG.warn(
                        "Schedule {} skips {}: {}",
                        plan.schedule().schedule().name(),
                        sent.firing.fireTime(),
                        cause.getMessage());
                plan = plan.skipping(sent.firing, String.valueOf(cause.getMessage()));
            }
        }
        metrics.settled(plan, clock.instant());
        return Optional.of(plan);
    }

    private static Throwable rootOf(Throwable error) {
        var cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isForEver(Throwable cause) {
        return cause instanceof InvalidTaskException
                || cause instanceof RecordTooLargeException
                || cause instanceof InvalidTopicException;
    }
}

package io.celeriac.beat;

import io.celeriac.beat.SickPartitions.Place;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.schedule.firing.Plan;
import io.celeriac.schedule.firing.SentTasks;
import io.celeriac.schedule.history.ScheduleFiring;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the tasks of a batch of plans, and briefly waits for the broker's answers.
 *
 * <p>A schedule moves on when the broker has all its tasks. A task that can never be sent, because it is too large or invalid, is
 * skipped with the reason. After any other failure, and without an answer in time, the schedule stays due, and the others move on.
 * After a failed send, nothing more is sent to that queue for a while: see {@link SickPartitions}. The same holds for commands to
 * revoke. Queues that took nothing the last time are tried last, and when failures have used up the patience, the rest is not tried. So
 * neither one such queue nor many hold up the others. A task that is underway is waited for and not sent again. For use by one thread.
 */
final class Emitter {

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);

    private final TaskSender client;
    private final Queues queues;
    private final SentTasks tasks;
    private final SickPartitions sick;
    private final BeatMetrics metrics;
    private final InstantSource clock;
    private final Outage broker;
    private final Duration patience;

    /**
     * @param patience the longest time that a batch waits for the broker
     */
    Emitter(
            TaskSender client,
            Queues queues,
            Sending sending,
            BeatMetrics metrics,
            Outage broker,
            InstantSource clock,
            Duration patience) {
        this.client = client;
        this.queues = queues;
        this.tasks = sending.tasks;
        this.sick = sending.sick;
        this.metrics = metrics;
        this.broker = broker;
        this.clock = clock;
        this.patience = patience;
    }

    /** The state that all emitters of a program share. */
    record Sending(SentTasks tasks, SickPartitions sick) {}

    /** Prepares a queue, so that its first task does not wait. Safe to repeat. A failure has no effect. */
    void prepare(String queue) {
        try {
            queues.require(queue);
        } catch (RuntimeException e) {
            broker.away(e);
        }
    }

    /** Sends, and blocks until the broker has answered or the patience ends. Returns the plans whose tasks the broker has. */
    <P extends Plan<P>> List<P> emit(List<P> plans) {
        var batch = new ArrayList<Batched<P>>();
        var failures = new Failures();
        for (var plan : suspectsLast(plans)) {
            if (mustWait(plan, failures)) {
                continue;
            }
            var begun = System.nanoTime();
            var next = send(plan);
            batch.add(next);
            failures.noteThoseOf(next, System.nanoTime() - begun);
            if (failures.haveTakenLong()) {
                break;
            }
        }
        await(batch);
        var emitted =
                batch.stream().map(this::settled).flatMap(Optional::stream).toList();
        if (emitted.size() == plans.size()) {
            broker.back();
        }
        return emitted;
    }

    private <P extends Plan<P>> List<P> suspectsLast(List<P> plans) {
        return plans.stream()
                .sorted(Comparator.comparing(plan -> wholes(plan).anyMatch(sick::isSuspect)))
                .toList();
    }

    /** The queues and topics that a plan needs. */
    private static Stream<Place> wholes(Plan<?> plan) {
        return Stream.concat(
                plan.toSend().isEmpty() ? Stream.empty() : Stream.of(Place.anyOf(queue(plan))),
                plan.toRevoke().isEmpty() ? Stream.empty() : Stream.of(Place.OF_ORDERS));
    }

    /** The places that failed at once in a batch. */
    private final class Failures {
        private final Set<Place> places = new HashSet<>();
        private long nanos;

        void noteThoseOf(Batched<? extends Plan<?>> tried, long took) {
            if (tried.hasFailedToRevoke()) {
                note(Place.OF_ORDERS, took);
            }
            if (tried.hasFailedToSend()) {
                var queue = queue(tried.plan);
                note(Place.anyOf(queue), took);
                queues.forget(queue);
            }
        }

        private void note(Place place, long took) {
            places.add(place);
            sick.failed(place, clock.instant());
            nanos += took;
        }

        boolean concern(Plan<?> plan) {
            return wholes(plan).anyMatch(places::contains);
        }

        boolean haveTakenLong() {
            return nanos > patience.toNanos();
        }
    }

    private static String queue(Plan<?> plan) {
        return plan.schedule().schedule().template().queue();
    }

    private boolean mustWait(Plan<?> plan, Failures failures) {
        return failures.concern(plan) || goesToSickPlace(plan);
    }

    private boolean goesToSickPlace(Plan<?> plan) {
        var now = clock.instant();
        var parts = plan.toSend().stream().flatMap(firing -> place(queue(plan), firing).stream());
        return Stream.concat(wholes(plan), parts).anyMatch(place -> sick.isSick(place, now));
    }

    private Optional<Place> place(String queue, ScheduleFiring firing) {
        return queues.place(queue, Objects.requireNonNull(firing.taskId()));
    }

    private record Sent(ScheduleFiring firing, CompletableFuture<?> receipt) {}

    private record Batched<P>(P plan, List<CompletableFuture<Void>> revoked, List<Sent> sent) {

        /** Whether a send has failed at once, which happens only if its queue cannot be found. */
        boolean hasFailedToSend() {
            return sent.stream().anyMatch(each -> hasFailed(each.receipt));
        }

        boolean hasFailedToRevoke() {
            return revoked.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
        }

        Stream<CompletableFuture<?>> receipts() {
            return Stream.concat(revoked.stream(), sent.stream().map(Sent::receipt));
        }
    }

    /** Sends the tasks of a plan. It stops after a failure, since each further try may take as long as a timeout. */
    private <P extends Plan<P>> Batched<P> send(P plan) {
        var batched = new Batched<>(plan, new ArrayList<>(), new ArrayList<>());
        for (var id : plan.toRevoke()) {
            batched.revoked.add(client.revoke(id, true).whenComplete((done, error) -> {
                if (error == null) {
                    sick.answered(Place.OF_ORDERS);
                }
            }));
            if (batched.hasFailedToRevoke()) {
                return batched;
            }
        }
        var queue = queue(plan);
        for (var firing : plan.toSend()) {
            var receipt = tasks.send(Objects.requireNonNull(firing.taskId()), () -> send(queue, plan, firing));
            batched.sent.add(new Sent(firing, receipt));
            if (hasFailed(receipt)) {
                return batched;
            }
        }
        return batched;
    }

    private static boolean hasFailed(CompletableFuture<?> receipt) {
        return receipt.isCompletedExceptionally()
                && receipt.handle((done, error) -> error != null && !isForEver(rootOf(error)))
                        .join();
    }

    private CompletableFuture<?> send(String queue, Plan<?> plan, ScheduleFiring firing) {
        try {
            queues.require(queue);
            var place = place(queue, firing);
            return client.sendTo(queue, plan.task(firing)).whenComplete((receipt, error) -> {
                if (error == null) {
                    var taken = new Place(queue, receipt.partition());
                    queues.answered(taken);
                    sick.answered(taken);
                    sick.answered(Place.anyOf(queue));
                } else if (!isForEver(rootOf(error))) {
                    place.ifPresent(silent -> sick.failed(silent, clock.instant()));
                }
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void await(List<? extends Batched<?>> batch) {
        var all = CompletableFuture.allOf(
                batch.stream().flatMap(Batched::receipts).toArray(CompletableFuture<?>[]::new));
        try {
            all.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("The broker did not take all of a batch", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <P extends Plan<P>> Optional<P> settled(Batched<P> sending) {
        var plan = sending.plan;
        if (!sending.receipts().allMatch(CompletableFuture::isDone)) {
            unanswered(sending);
            return Optional.empty();
        }
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

    private void unanswered(Batched<? extends Plan<?>> sending) {
        var queue = queue(sending.plan);
        sending.sent.stream()
                .filter(sent -> !sent.receipt.isDone())
                .flatMap(sent -> place(queue, sent.firing).stream())
                .forEach(place -> sick.failed(place, clock.instant()));
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

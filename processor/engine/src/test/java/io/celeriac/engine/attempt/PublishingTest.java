package io.celeriac.engine.attempt;

import static io.celeriac.contract.task.TaskState.RETRY;
import static io.celeriac.contract.task.TaskState.STARTED;
import static io.celeriac.contract.task.TaskState.SUCCESS;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.task.Unique;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.Sender;
import io.celeriac.engine.task.SourceRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An attempt publishes what it comes to on its own thread, where it may. Attempts run where they are dispatched. */
class PublishingTest {

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final EngineMetrics metrics = new EngineMetrics(new SimpleMeterRegistry(), "default");
    private final AtomicInteger woken = new AtomicInteger();
    private final List<OutboundRecord> sent = new ArrayList<>();
    private final List<Runnable> unacknowledged = new ArrayList<>();
    private final Dispatcher dispatcher = new Dispatcher(
            Runnable::run,
            timer,
            4,
            new AttemptRunner(
                    new OutcomeRecords(new Topics("celeriac"), "worker-1", 1 << 20, new HandlerRegistry(List.of())),
                    Revocations.NONE,
                    topic -> {},
                    List.of(),
                    InstantSource.system(),
                    new Random(7),
                    new AttemptRunner.TimeLimits(timer, Runnable::run, Duration.ofSeconds(5)),
                    GroupLists.NONE),
            InstantSource.system());
    private final AttemptQueue attempts = open(this::send);

    private AttemptQueue open(Sender sender) {
        var attemptQueue = new AttemptQueue(woken::incrementAndGet, metrics, sender);
        dispatcher.open(attemptQueue);
        return attemptQueue;
    }

    private void send(OutboundRecord record, Runnable whenDurable) {
        sent.add(record);
        unacknowledged.add(whenDurable);
    }

    @AfterEach
    void end() {
        timer.shutdownNow();
    }

    @Test
    void publishesItsStatesInTheirOrderAndLeavesTheRestToTheStreamThread() {
        run(attempts, Task.named("work").id("a").trackStarted(true).build(), (task, context) -> "done");

        assertThat(states(sent)).containsExactly(STARTED, SUCCESS);
        assertThat(attempts.poll()).isInstanceOfSatisfying(AttemptOutcome.Finished.class, finished -> {
            assertThat(finished.state()).isEqualTo(SUCCESS);
            assertThat(finished.publications()).isEmpty();
        });
        assertThat(attempts.poll()).isNull();
    }

    /** A wake-up for each task of a busy worker would cost more than the task. */
    @Test
    void wakesTheStreamThreadForAnEndOnlyIfItWaitsForOne() {
        run(attempts, Task.named("work").id("a").build(), (task, context) -> null);
        assertThat(woken).hasValue(0);

        attempts.await(true);
        run(attempts, Task.named("work").id("b").build(), (task, context) -> null);
        assertThat(woken).hasValue(1);
    }

    @Test
    void wakesTheStreamThreadToParkARetry() {
        var backoff = new Backoff(Backoff.Kind.FIXED, Duration.ofHours(1), Duration.ofHours(1), false);
        var policy = new RetryPolicy(3, backoff, List.of(IllegalStateException.class), List.of());
        var handler = new Handler(
                "flaky",
                (task, context) -> {
                    throw new IllegalStateException("not yet");
                },
                policy,
                null);

        dispatcher.submit(
                new Attempt(attempts, accepted(Task.named("flaky").id("a").build()), handler));

        assertThat(states(sent)).containsExactly(RETRY);
        assertThat(woken).hasValue(1);
        assertThat(attempts.poll()).isInstanceOfSatisfying(AttemptOutcome.Retried.class, retried -> {
            assertThat(retried.publications()).isEmpty();
            assertThat(retried.again().attempts()).isEqualTo(1);
        });
    }

    /** Otherwise STARTED, which the stream thread publishes later, would stand behind the result. */
    @Test
    void leavesAllThatFollowsToTheStreamThreadOnceASendHasFailed() {
        var tries = new AtomicInteger();
        var impatient = open((record, whenDurable) -> {
            if (tries.getAndIncrement() == 0) {
                throw new KafkaException("interrupted");
            }
            send(record, whenDurable);
        });

        run(impatient, Task.named("work").id("a").trackStarted(true).build(), (task, context) -> null);

        assertThat(sent).isEmpty();
        assertThat(states(impatient.poll().publications())).containsExactly(STARTED);
        assertThat(states(impatient.poll().publications())).containsExactly(SUCCESS);
    }

    /** Whoever sees the result may send the next task of the key, which must find that this one has ended. */
    @Test
    void leavesTheEndOfATaskWithAUniqueKeyToTheStreamThread() {
        run(
                attempts,
                Task.named("work")
                        .id("a")
                        .trackStarted(true)
                        .unique(Unique.by("invoice-7"))
                        .build(),
                (task, context) -> null);

        assertThat(states(sent)).containsExactly(STARTED);
        assertThat(states(attempts.poll().publications())).containsExactly(SUCCESS);
        assertThat(woken).hasValue(1);
    }

    /** The next owner may have begun. */
    @Test
    void publishesNothingWhileThePartitionIsHandedOver() {
        run(attempts, Task.named("work").id("a").build(), (task, context) -> {
            attempts.drain();
            return null;
        });

        assertThat(sent).isEmpty();
        assertThat(states(attempts.poll().publications())).containsExactly(SUCCESS);
    }

    /** The next life of the partition has a producer of its own, and cannot tell whether the send of the last one will succeed. */
    @Test
    void passesItsOutcomeOnWholeIfItMovesWhileItIsSent() {
        var next = new AttemptQueue(woken::incrementAndGet, metrics, this::send);
        var task = Task.named("work").id("a").build();
        var last = open((record, whenDurable) -> {
            send(record, whenDurable);
            dispatcher.submit(attempt(next, task, (same, context) -> {
                throw new AssertionError("runs twice");
            }));
        });

        run(last, task, (same, context) -> null);

        assertThat(states(sent)).containsExactly(SUCCESS);
        assertThat(last.poll()).isNull();
        assertThat(states(next.poll().publications())).containsExactly(SUCCESS);
    }

    @Test
    void publishesAChildAndKeepsItUntilItIsAcknowledged() {
        var next = new AttemptQueue(woken::incrementAndGet, metrics, this::send);
        var task = Task.named("work").id("a").build();

        run(attempts, task, (same, context) -> {
            context.submit(Task.named("first").build());
            context.submit(Task.named("second").build());
            assertThat(sent).extracting(OutboundRecord::destination).containsOnly(Destination.NEXT_STEPS);
            unacknowledged.get(0).run();
            dispatcher.submit(attempt(next, task, (again, other) -> null)); // the partition has come back
            return null;
        });

        assertThat(next.poll())
                .isInstanceOfSatisfying(
                        AttemptOutcome.Emitted.class,
                        kept -> assertThat(TaskJson.task(kept.child().value()).task())
                                .isEqualTo("second"));
        assertThat(next.poll()).isInstanceOf(AttemptOutcome.Finished.class);
    }

    private void run(AttemptQueue attemptQueue, Task task, Handler.Call call) {
        dispatcher.submit(attempt(attemptQueue, task, call));
    }

    private static Attempt attempt(AttemptQueue attemptQueue, Task task, Handler.Call call) {
        return new Attempt(attemptQueue, accepted(task), Handler.of(task.task(), call));
    }

    private static AcceptedTask accepted(Task task) {
        var origin = new SourceRecord(
                "default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        return AcceptedTask.first(origin, task, Instant.EPOCH);
    }

    private static List<TaskState> states(List<OutboundRecord> records) {
        return records.stream()
                .map(record -> TaskJson.result(record.value()).state())
                .toList();
    }
}

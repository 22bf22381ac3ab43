package io.celeriac.engine.attempt;

import static io.celeriac.contract.task.TaskState.FAILURE;
import static io.celeriac.contract.task.TaskState.RETRY;
import static io.celeriac.contract.task.TaskState.SUCCESS;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Backoff;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.TimeLimitExceededException;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.handler.UnknownTaskException;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.SourceRecord;
import io.celeriac.engine.topic.StepTopics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What one attempt comes to, whatever its handler, its listeners and its threads do. */
class AttemptRunnerTest {

    private static final List<String> NAMES_IN_LOG = List.of("taskId", "task", "attempt", "queue", "rootId");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AttemptQueue attemptQueue = new AttemptQueue(() -> {}, new EngineMetrics(metrics, "default"));
    private final List<TaskListener> listeners = new ArrayList<>();
    private final List<TaskResult> published = new ArrayList<>();
    private StepTopics stepTopics = topic -> {};
    private Executor executor = threads;
    private Duration grace = ofMillis(100);

    @AfterEach
    void end() {
        gate.countDown();
        threads.shutdownNow();
        timer.shutdownNow();
    }

    /** The interrupt is the handler's: one that sets its thread's flag again must not take its next steps down with it. */
    @Test
    void keepsTheInterruptOfAHandlerFromItsOutcome() {
        stepTopics = topic -> asked();
        var interruptedListeners = new ArrayList<Boolean>();
        listeners.add(new TaskListener() {
            @Override
            public void onFailure(TaskContext context, TaskError error) {
                interruptedListeners.add(Thread.currentThread().isInterrupted());
            }
        });
        var task = Task.named("polite")
                .id("a")
                .timeLimit(ofMillis(50))
                .onFailure(List.of(Signature.of(Task.of("clean-up"))))
                .build();

        run(task, (unused, context) -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw e;
            }
            return null;
        });

        var finished = finished();
        assertThat(finished.isChecked()).isTrue();
        assertThat(finished.publications())
                .extracting(OutboundRecord::destination)
                .containsExactly(Destination.RESULTS, Destination.DEAD_LETTERS, Destination.NEXT_STEPS);
        assertThat(interruptedListeners).containsExactly(false);
    }

    private void asked() {
        try {
            threads.submit(() -> {}).get(); // as one who asks the broker waits for its answer
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while it asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endsAGivenUpAttemptThoughThereIsNoThreadForIt() {
        executor = work -> {
            throw new RejectedExecutionException("no thread");
        };
        var released = new CountDownLatch(1);

        threads.execute(() -> runDeaf(released));

        var report = await().atMost(ofSeconds(10)).until(attemptQueue::poll, told -> told != null);
        assertThat(report)
                .isInstanceOfSatisfying(
                        AttemptOutcome.Finished.class,
                        finished -> assertThat(finished.state()).isEqualTo(FAILURE));
        await().atMost(ofSeconds(10)).until(() -> released.getCount() == 0);
    }

    private void runDeaf(CountDownLatch released) {
        var runner = runner();
        var task = Task.named("deaf").id("a").timeLimit(ofMillis(50)).build();
        runner.run(runner.begin(attempt(task, Handler.of("deaf", this::deaf))), released::countDown);
    }

    private @Nullable Object deaf(Task task, TaskContext context) {
        while (gate.getCount() > 0) {
            Thread.onSpinWait();
        }
        return null;
    }

    /** Celery's SoftTimeLimitExceeded: caught once, it leaves time to clean up and to give what there is. */
    @Test
    void letsAHandlerCatchItsTimeLimitAndGiveWhatItHas() {
        var task = Task.named("patient").id("a").timeLimit(ofMillis(50)).build();
        grace = ofSeconds(60);

        run(task, (unused, context) -> {
            try {
                while (true) {
                    context.progress(1, null, null);
                }
            } catch (TimeLimitExceededException e) {
                assertThat(context.isTimedOut()).isTrue();
                context.progress(2, null, "cleans up");
                context.submit(Task.named("clean-up").build());
                return Thread.currentThread().isInterrupted() ? "interrupted" : "half";
            }
        });

        assertThat(last().state()).isEqualTo(SUCCESS);
        assertThat(last().result()).hasToString("\"half\"");
        assertThat(last().progress().message()).isEqualTo("cleans up");
    }

    @Test
    void failsAHandlerThatDoesNotCatchItsTimeLimit() {
        var task = Task.named("patient").id("a").timeLimit(ofMillis(50)).build();

        run(task, (unused, context) -> {
            while (true) {
                context.checkCancelled();
            }
        });

        assertThat(last().state()).isEqualTo(FAILURE);
        assertThat(last().error().type()).isEqualTo("TimeLimitExceeded");
    }

    @Test
    void givesUpAtTheHandlersOwnHardLimit() {
        grace = ofMinutes(10);
        var deaf = new Handler(
                "deaf",
                Set.of(),
                this::deaf,
                RetryPolicy.NONE,
                ofMillis(50),
                HandlerLimits.NONE,
                ofMillis(10),
                Redaction.NONE);
        var runner = runner();

        threads.execute(() ->
                runner.run(runner.begin(attempt(Task.named("deaf").id("a").build(), deaf)), () -> {}));

        await().atMost(ofSeconds(10)).until(() -> !drained().isEmpty());
        assertThat(last().error().type()).isEqualTo("TimeLimitExceeded");
        assertThat(count("celeriac.attempts.timed.out")).isEqualTo(1);
        assertThat(count("celeriac.attempts.given.up")).isEqualTo(1);
    }

    /** What an interrupt leads to is chance; that the limit has passed is not. */
    @Test
    void asksThePolicyAboutTheTimeLimitAndNotAboutWhatItsInterruptLedTo() {
        var task = Task.named("closed").id("a").timeLimit(ofMillis(50)).build();
        Handler.Call closed = (unused, context) -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new ClosedByInterruptException();
            }
            return null;
        };

        run(task, new Handler("closed", closed, retryOn(IOException.class), null));
        run(task, new Handler("closed", closed, retryOn(TimeLimitExceededException.class), null));

        assertThat(drained()).extracting(TaskResult::state).containsExactly(FAILURE, RETRY);
    }

    private static RetryPolicy retryOn(Class<? extends Throwable> type) {
        return new RetryPolicy(3, Backoff.DEFAULT, List.of(type), List.of());
    }

    @Test
    void namesTheAttemptInTheLogOfHandlerAndListeners() {
        var named = new ConcurrentLinkedQueue<List<String>>();
        listeners.add(new TaskListener() {
            @Override
            public void beforeStart(TaskContext context) {
                named.add(inLog());
            }

            @Override
            public void afterReturn(TaskContext context, TaskState state) {
                named.add(inLog());
            }
        });

        run(Task.named("note").id("a").rootId("root").build(), (task, context) -> named.add(inLog()));

        assertThat(named).hasSize(3).allMatch(List.of("a", "note", "1", "default", "root")::equals);
        assertThat(NAMES_IN_LOG).allSatisfy(name -> assertThat(MDC.get(name)).isNull());
    }

    @Test
    void namesTheAttemptInTheLogWhereItIsGivenUp() {
        var named = new ConcurrentLinkedQueue<List<String>>();
        listeners.add(new TaskListener() {
            @Override
            public void onFailure(TaskContext context, TaskError error) {
                named.add(inLog());
            }
        });
        var released = new CountDownLatch(1);

        threads.execute(() -> runDeaf(released));

        await().atMost(ofSeconds(10)).until(() -> released.getCount() == 0);
        assertThat(named).containsExactly(List.of("a", "deaf", "1", "default", "a"));
    }

    private static List<String> inLog() {
        return NAMES_IN_LOG.stream().map(MDC::get).toList();
    }

    @Test
    void tellsOfATaskWithoutHandlerAsOfAnyOtherThatFails() {
        listeners.add(told);

        run(Task.named("unheard").id("a").build(), UnknownTaskException.handler("unheard", List.of("add")));

        assertThat(told.events).containsExactly("failure " + UnknownTaskException.class.getName(), "after FAILURE");
        assertThat(last().error().message()).isEqualTo("no handler for \"unheard\"; this worker knows add");
    }

    @Test
    void tellsOfARetryAndWhenItIsDue() {
        listeners.add(told);
        var fixed = new Backoff(Backoff.Kind.FIXED, ofSeconds(7), ofSeconds(7), false);

        run(Task.named("flaky").id("a").backoff(fixed).build(), (task, context) -> {
            throw context.retry(new IOException("not yet"));
        });

        assertThat(told.events).containsExactly("before", "retry java.io.IOException", "after RETRY");
        assertThat(told.nextAttemptAt).isEqualTo(last().nextAttemptAt());
    }

    @Test
    void tellsOfTheEndOfARevokedAttempt() {
        listeners.add(told);
        var runner = runner();
        var execution = runner.begin(attempt(Task.named("slow").id("a").build(), Handler.of("slow", (task, context) -> {
            gate.await();
            return null;
        })));
        execution.revoke();

        runner.run(execution, () -> {});

        assertThat(told.events).containsExactly("before", "after REVOKED");
        assertThat(last().reason()).isEqualTo(RevokeReason.REVOKED);
        assertThat(last().attempt()).isEqualTo(1);
        assertThat(last().startedAt()).isEqualTo(execution.startedAt());
        assertThat(last().worker()).isNotNull();
        assertThat(metrics.get("celeriac.tasks.revoked")
                        .tag("reason", "revoked")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void countsAnOutcomeThatNobodyHears() {
        attemptQueue.close();

        run(Task.named("note").id("a").build(), (task, context) -> "done");

        assertThat(count("celeriac.outcomes.dropped")).isEqualTo(1);
    }

    @Test
    void countsChildrenThatWaitUntilThoseBeforeThemAreCommitted() {
        threads.execute(() -> run(Task.named("parent").id("a").build(), (task, context) -> {
            for (int i = 0; i <= 4 * 1024; i++) {
                context.submit(Task.named("note").build());
            }
            return null;
        }));

        await().atMost(ofSeconds(10)).until(() -> count("celeriac.children.throttled") == 1);
        assertThat(attemptQueue.poll())
                .isInstanceOfSatisfying(
                        AttemptOutcome.Emitted.class, AttemptOutcome.Emitted::committed); // room for the next
        await().atMost(ofSeconds(10)).until(() -> drained().stream().anyMatch(result -> result.state() == SUCCESS));
        assertThat(count("celeriac.children.throttled")).isEqualTo(1);
    }

    private double count(String counter) {
        return metrics.get(counter).counter().count();
    }

    private final Told told = new Told();

    private static final class Told implements TaskListener {

        private final List<String> events = new ArrayList<>();
        private @Nullable Instant nextAttemptAt;

        @Override
        public void beforeStart(TaskContext context) {
            events.add("before");
        }

        @Override
        public void onFailure(TaskContext context, TaskError error) {
            events.add("failure " + error.type());
        }

        @Override
        public void onRetry(TaskContext context, TaskError error, Instant due) {
            nextAttemptAt = due;
            events.add("retry " + error.type());
        }

        @Override
        public void afterReturn(TaskContext context, TaskState state) {
            events.add("after " + state);
        }
    }

    @Test
    void leavesNoInterruptToTheNextAttemptOfItsThread() {
        run(Task.named("polite").id("a").build(), (task, context) -> {
            Thread.currentThread().interrupt();
            return "done";
        });

        assertThat(finished().state()).isEqualTo(SUCCESS);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    private void run(Task task, Handler.Call call) {
        run(task, Handler.of(task.task(), call));
    }

    private void run(Task task, Handler handler) {
        var runner = runner();
        runner.run(runner.begin(attempt(task, handler)), () -> {});
    }

    private AttemptRunner runner() {
        return new AttemptRunner(
                new OutcomeRecords(new Topics("celeriac"), "worker-1", 1 << 20, new HandlerRegistry(List.of())),
                Revocations.NONE,
                stepTopics,
                listeners,
                InstantSource.system(),
                new Random(7),
                new AttemptRunner.TimeLimits(timer, executor, grace),
                GroupLists.NONE);
    }

    private Attempt attempt(Task task, Handler handler) {
        var origin = new SourceRecord(
                "default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        return new Attempt(attemptQueue, AcceptedTask.first(origin, task, Instant.EPOCH), handler);
    }

    /** What has been published so far. */
    private List<TaskResult> drained() {
        for (var report = attemptQueue.poll(); report != null; report = attemptQueue.poll()) {
            report.publications().stream()
                    .filter(publication -> publication.destination() == Destination.RESULTS)
                    .map(publication -> TaskJson.result(publication.value()))
                    .forEach(published::add);
        }
        return published;
    }

    private TaskResult last() {
        var all = drained();
        return all.get(all.size() - 1);
    }

    private AttemptOutcome.Finished finished() {
        var report = attemptQueue.poll();
        assertThat(report).isInstanceOf(AttemptOutcome.Finished.class);
        return (AttemptOutcome.Finished) report;
    }
}

package io.celeriac.engine.attempt;

import static io.celeriac.contract.TaskState.FAILURE;
import static io.celeriac.contract.TaskState.SUCCESS;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.Signature;
import io.celeriac.contract.Task;
import io.celeriac.contract.TaskError;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.attempt.Publication.Destination;
import io.celeriac.engine.handler.Handler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one attempt comes to, whatever its handler, its listeners and its threads do. */
class AttemptRunnerTest {

    private static final Duration GRACE = ofMillis(100);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final Lane lane = new Lane(() -> {});
    private final List<TaskListener> listeners = new ArrayList<>();
    private StepTopics stepTopics = topic -> {};
    private Executor executor = threads;

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

        assertThat(finished().publications())
                .extracting(Publication::destination)
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

        var report = await().atMost(ofSeconds(10)).until(lane::poll, told -> told != null);
        assertThat(report)
                .isInstanceOfSatisfying(
                        Report.Finished.class,
                        finished -> assertThat(finished.state()).isEqualTo(FAILURE));
        await().atMost(ofSeconds(10)).until(() -> released.getCount() == 0);
    }

    private void runDeaf(CountDownLatch released) {
        var runner = runner();
        var task = Task.named("deaf").id("a").timeLimit(ofMillis(50)).build();
        var deaf = attempt(task, Handler.of("deaf", (unused, context) -> {
            while (gate.getCount() > 0) {
                Thread.onSpinWait();
            }
            return null;
        }));
        runner.run(runner.begin(deaf), released::countDown);
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
                new Reporter(new Topics("celeriac"), "worker-1", 1 << 20),
                "worker-1",
                Revocations.NONE,
                stepTopics,
                listeners,
                InstantSource.system(),
                new Random(7),
                timer,
                executor,
                GRACE);
    }

    private Attempt attempt(Task task, Handler handler) {
        var origin = new Origin(
                "default", "celeriac.tasks.default", 0, 7, Instant.EPOCH, null, new byte[0], new RecordHeaders());
        return new Attempt(lane, AcceptedTask.first(origin, task, Instant.EPOCH), handler);
    }

    private Report.Finished finished() {
        var report = lane.poll();
        assertThat(report).isInstanceOf(Report.Finished.class);
        return (Report.Finished) report;
    }
}

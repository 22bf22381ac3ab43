package io.celeriac.engine.attempt;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.task.AcceptedTask;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.MDC;

/**
 * Runs attempts on the calling thread, without a partition: the worker of tests. An attempt runs as in a worker, with its time limit,
 * listeners and secrets. Safe for use by several threads.
 */
public final class InlineAttempts implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(5);

    private final AttemptRunner runner;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<String, Execution> running = new ConcurrentHashMap<>();
    private final Map<String, EngineMetrics> metrics = new ConcurrentHashMap<>();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /**
     * @param random for the jitter of retries
     */
    public InlineAttempts(
            OutcomeRecords outcomes,
            Revocations revocations,
            List<TaskListener> listeners,
            InstantSource clock,
            RandomGenerator random,
            GroupLists groupLists) {
        timer = new ScheduledThreadPoolExecutor(1, work -> {
            var thread = new Thread(work, "celeriac-inline-time-limits");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        runner = new AttemptRunner(
                outcomes,
                revocations,
                topic -> {},
                listeners,
                clock,
                random,
                new AttemptRunner.TimeLimits(timer, Runnable::run, GRACE),
                groupLists);
    }

    /**
     * Runs one attempt, and returns when its last outcome is known and its handler has come back. The time limit is one of real
     * time.
     *
     * @param outcomes gets each outcome as soon as it is known, usually on the calling thread
     */
    public void run(AcceptedTask task, Handler handler, Consumer<? super AttemptOutcome> outcomes) {
        var reports = new Reports(metrics(task.origin().queue()), outcomes);
        var execution = runner.begin(new Attempt(reports.queue, task, handler));
        var before = MDC.getCopyOfContextMap();
        running.put(task.id(), execution);
        try {
            var givenUp = new CountDownLatch(1);
            if (!runner.run(execution, givenUp::countDown)) {
                awaitConclusion(givenUp);
            }
        } finally {
            running.remove(task.id(), execution);
            if (before != null) {
                MDC.setContextMap(before);
            }
        }
    }

    private EngineMetrics metrics(String queue) {
        return metrics.computeIfAbsent(queue, name -> new EngineMetrics(registry, name));
    }

    /** The timer thread concludes an attempt that it gives up. */
    private static void awaitConclusion(CountDownLatch givenUp) {
        try {
            givenUp.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Interrupts what runs now because somebody revoked it.
     *
     * @param id of a task, or of a workflow's run
     */
    public void terminate(String id) {
        running.forEach((task, execution) -> {
            if (task.equals(id) || Dispatcher.isOfRun(execution.subject().task(), id)) {
                execution.revoke();
            }
        });
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Passes outcomes on as soon as they are reported. */
    private static final class Reports {

        private final AttemptQueue queue;
        private final Consumer<? super AttemptOutcome> outcomes;

        Reports(EngineMetrics metrics, Consumer<? super AttemptOutcome> outcomes) {
            this.outcomes = outcomes;
            this.queue = new AttemptQueue(this::pass, metrics);
        }

        private void pass() {
            for (var outcome = queue.poll(); outcome != null; outcome = queue.poll()) {
                outcomes.accept(outcome);
            }
        }
    }
}

package io.celeriac.engine.attempt;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.TaskContext;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.TimeLimitExceededException;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.InvalidArgumentsException;
import io.celeriac.engine.handler.RetryPolicy;
import io.celeriac.engine.handler.UnknownTaskException;
import io.celeriac.engine.outcome.AttemptOutcome;
import io.celeriac.engine.outcome.ErrorRedaction;
import io.celeriac.engine.outcome.InvalidResultException;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.outcome.ResultTooLargeException;
import io.celeriac.engine.outcome.RetryRequest;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.FailedAttempt;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.topic.StepTopics;
import io.celeriac.engine.topic.UnknownQueueException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Runs one attempt on the calling thread: calls the handler, and turns its return value or exception into an outcome.
 *
 * <p>At its time limit an attempt is interrupted. An attempt that has not ended after a grace period is given up: its task
 * fails or is retried, its slot goes to another thread, and whatever the attempt does later is ignored.
 */
public final class AttemptRunner {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);
    private static final int MAX_HISTORY_MESSAGE = 200;

    /**
     * How attempts are held to their time limits.
     *
     * @param timer watches the time limits
     * @param executor concludes an attempt that is given up
     * @param grace between the interrupt at the time limit and giving up
     */
    public record TimeLimits(ScheduledExecutorService timer, Executor executor, Duration grace) {}

    private final OutcomeRecords outcomes;
    private final Revocations revocations;
    private final StepTopics stepTopics;
    private final List<TaskListener> listeners;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final TimeLimits limits;
    private final GroupLists groupLists;

    /**
     * Eight collaborators, as many as there are things that decide how an attempt ends.
     *
     * @param random for the jitter of retries; must be safe for use by several threads
     */
    public AttemptRunner(
            OutcomeRecords outcomes,
            Revocations revocations,
            StepTopics stepTopics,
            List<TaskListener> listeners,
            InstantSource clock,
            RandomGenerator random,
            TimeLimits limits,
            GroupLists groupLists) {
        this.outcomes = outcomes;
        this.revocations = revocations;
        this.stepTopics = stepTopics;
        this.listeners = List.copyOf(listeners);
        this.clock = clock;
        this.random = random;
        this.limits = limits;
        this.groupLists = groupLists;
    }

    private ErrorRedaction disclosure(Execution execution) {
        return outcomes.secrecy().disclosure(execution.subject().accepted());
    }

    Execution begin(Attempt attempt) {
        var own = attempt.task().timeLimit();
        return new Execution(
                attempt,
                clock,
                own == null ? attempt.handler().timeLimit() : own,
                this::progressed,
                this::child,
                groupLists);
    }

    /**
     * Never throws: every attempt ends with an outcome, or without one if its partition leaves this worker.
     *
     * @param release gives the slot of this attempt to another thread; called when it is given up
     * @return whether the slot is still the caller's
     */
    boolean run(Execution execution, Runnable release) {
        var attempt = execution.subject();
        nameInLog(execution);
        var watches = watch(execution, release);
        try {
            var called = called(execution);
            if (!execution.claim()) {
                return false;
            }
            forgetInterrupt(attempt); // it was meant for the handler, and would break a listener or a topic lookup
            if (called == null) {
                leave(execution);
            } else {
                execution.end(concluded(execution, called));
            }
            return true;
        } finally {
            watches.forEach(limit -> limit.cancel(false));
            forgetInterrupt(attempt);
            execution.closeLists();
            MDC.clear();
        }
    }

    /** The names are in the Javadoc of {@link io.celeriac.engine.TaskHandler}. */
    private static void nameInLog(Execution execution) {
        MDC.setContextMap(Map.of(
                "taskId", execution.id(),
                "task", execution.task(),
                "attempt", Integer.toString(execution.attempt()),
                "queue", execution.queue(),
                "rootId", execution.rootId()));
    }

    private void leave(Execution execution) {
        LOG.info(
                "task {} ({}) stops because its partition leaves this worker, and runs again",
                execution.id(),
                execution.task());
        metrics(execution).stopped();
        tell(execution, listener -> {}, TaskState.PENDING);
        execution.leave();
    }

    private static void forgetInterrupt(Attempt attempt) {
        if (Thread.interrupted()) {
            LOG.debug("the interrupt of task {} is cleared after its handler", attempt.id());
        }
    }

    /** Makes the outcome, once the calling thread has claimed the decision. */
    @FunctionalInterface
    private interface Outcome {
        AttemptOutcome report();
    }

    /** Fails the task if its outcome cannot be made: a listener, an exception's {@code getMessage}, or the engine may throw. */
    private AttemptOutcome concluded(Execution execution, Outcome outcome) {
        try {
            return deliverable(outcome.report());
        } catch (Throwable e) {
            LOG.error(
                    "the outcome of task {} could not be recorded",
                    execution.id(),
                    disclosure(execution).loggable(e));
            var error = new TaskError(e.getClass().getName(), "the outcome could not be recorded", null);
            var task = execution.subject().accepted();
            return outcomes.failed(
                    task, execution.nextRevision(), Reason.FAILED, error, null, List.of(), clock.instant());
        }
    }

    private AttemptOutcome.Progressed progressed(Execution execution) {
        return outcomes.started(
                execution.subject().accepted(), execution.nextRevision(), execution.startedAt(), execution.progress());
    }

    private OutcomeRecords.Child child(AcceptedTask parent, String queue, int index, Task task) {
        var child = outcomes.child(parent, queue, index, task, clock.instant());
        stepTopics.require(child.publication().topic());
        return child;
    }

    /** Refuses an attempt whose task was revoked or expired while it waited for its thread. */
    private Optional<AttemptOutcome> refused(Execution execution) {
        var task = execution.subject().accepted();
        var reason = revocations.reason(task);
        if (reason != null) {
            return Optional.of(revoked(execution, reason));
        }
        if (task.isExpired(execution.startedAt())) {
            return Optional.of(revoked(execution, RevokeReason.EXPIRED));
        }
        return Optional.empty();
    }

    /** Calls the handler; null if the attempt stopped because its partition leaves this worker, and has no outcome here. */
    private @Nullable Outcome called(Execution execution) {
        try {
            var refused = refused(execution);
            if (refused.isPresent()) {
                return refused::get;
            }
            var attempt = execution.subject();
            if (attempt.task().trackStarted()) {
                execution.report(progressed(execution));
            }
            if (!UnknownTaskException.isThrownBy(attempt.handler())) {
                listeners.forEach(listener -> listener.beforeStart(execution));
            }
            var returned = awaited(attempt.handler().call().run(attempt.task(), execution));
            return () -> succeededUnlessTooLarge(execution, returned);
        } catch (Throwable e) { // user code may throw anything, and the task must get an outcome in any case
            return execution.isLeaving() ? null : () -> failed(execution, e);
        }
    }

    /** Replaces next steps without a topic by dead letters: sending to a missing topic would fail the stream thread again and again. */
    private AttemptOutcome deliverable(AttemptOutcome report) {
        if (!(report instanceof AttemptOutcome.Finished finished)
                || finished.publications().stream().noneMatch(OutboundRecord::isNextStep)) {
            return report;
        }
        var publications = new ArrayList<OutboundRecord>();
        var isChecked = true;
        for (var publication : finished.publications()) {
            try {
                if (publication.isNextStep() && isChecked) {
                    stepTopics.require(publication.topic());
                }
                publications.add(publication);
            } catch (UnknownQueueException e) {
                publications.add(setAside(publication, e));
            } catch (RuntimeException e) { // of the cluster: the stream thread publishes when it has answered
                LOG.warn("topic {} of a next step is looked up again: {}", publication.topic(), e.getMessage());
                publications.add(publication);
                isChecked = false;
            }
        }
        return new AttemptOutcome.Finished(finished.task(), finished.state(), publications, isChecked);
    }

    private OutboundRecord setAside(OutboundRecord step, UnknownQueueException e) {
        LOG.error("next step for {} is set aside as a dead letter", step.topic(), e);
        return outcomes.undeliverable(step, Reason.UNKNOWN_QUEUE, String.valueOf(e.getMessage()), clock.instant());
    }

    private static @Nullable Object awaited(@Nullable Object returned) throws Exception {
        if (!(returned instanceof CompletionStage<?> stage)) {
            return returned;
        }
        var future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } catch (InterruptedException e) {
            future.cancel(true);
            throw e;
        }
    }

    private AttemptOutcome succeededUnlessTooLarge(Execution execution, @Nullable Object returned) {
        try {
            return succeeded(execution, returned);
        } catch (ResultTooLargeException e) {
            metrics(execution).resultTooLarge();
            return failed(execution, e);
        } catch (RuntimeException e) { // the result cannot be written
            return failed(execution, e);
        }
    }

    private AttemptOutcome succeeded(Execution execution, @Nullable Object returned) {
        var value = returned == null ? null : json(execution, returned);
        var report = outcomes.succeeded(
                execution.subject().accepted(),
                execution.nextRevision(),
                execution.startedAt(),
                clock.instant(),
                execution.progress(),
                execution.children(),
                value);
        tell(execution, listener -> listener.onSuccess(execution, value), TaskState.SUCCESS);
        return report;
    }

    private JsonNode json(Execution execution, Object returned) {
        try {
            return TaskJson.tree(returned);
        } catch (JacksonException e) {
            if (disclosure(execution).redaction().result()) {
                throw new IllegalStateException("the result, which is secret, cannot be written as JSON");
            }
            throw e;
        }
    }

    private AttemptOutcome failed(Execution execution, Throwable thrown) {
        if (execution.isRevoked()) {
            return terminated(execution);
        }
        if (execution.isTimedOut()) {
            return failed(
                    execution,
                    disclosure(execution).timeLimitExceeded(execution.deadline(), thrown),
                    ofLimit(execution, thrown));
        }
        return failed(execution, disclosure(execution).error(thrown), thrown);
    }

    private AttemptOutcome failed(Execution execution, TaskError error, Throwable thrown) {
        var task = execution.subject().accepted();
        var now = clock.instant();
        if (thrown instanceof UnknownTaskException) {
            tell(execution, listener -> listener.onFailure(execution, error), TaskState.FAILURE);
            return outcomes.failed(
                    task, execution.nextRevision(), Reason.UNKNOWN_TASK, error, null, execution.children(), now);
        }
        var withoutTrace =
                new TaskError(error.type(), ErrorRedaction.clipped(error.message(), MAX_HISTORY_MESSAGE), null);
        var failure = new FailedAttempt(
                execution.subject().number(), execution.startedAt(), now, outcomes.worker(), withoutTrace);
        var delay = delay(execution.subject(), thrown);
        if (delay.isPresent()) {
            var due = now.plus(delay.get());
            tell(execution, listener -> listener.onRetry(execution, error, due), TaskState.RETRY);
            return outcomes.retried(task, execution.nextRevision(), failure, error, due);
        }
        LOG.info(
                "task {} ({}) has failed at attempt {}: {}",
                task.id(),
                task.task().task(),
                failure.attempt(),
                error.type(),
                disclosure(execution).loggable(thrown));
        tell(execution, listener -> listener.onFailure(execution, error), TaskState.FAILURE);
        return outcomes.failed(
                task, execution.nextRevision(), Reason.FAILED, error, failure, execution.children(), now);
    }

    private Optional<Duration> delay(Attempt attempt, Throwable thrown) {
        if (thrown instanceof InvalidArgumentsException
                || thrown instanceof InvalidResultException
                || thrown instanceof ResultTooLargeException) {
            return Optional.empty();
        }
        RetryPolicy policy = attempt.handler().retry().overriddenBy(attempt.task());
        if (thrown instanceof RetryRequest request) {
            var asked = policy.afterAsking(attempt.number(), random);
            return request.delay() == null ? asked : asked.map(byPolicy -> request.delay());
        }
        return policy.after(attempt.number(), thrown, random);
    }

    private AttemptOutcome terminated(Execution execution) {
        tellRevoked(execution, RevokeReason.REVOKED);
        return outcomes.terminated(
                execution.subject().accepted(),
                execution.nextRevision(),
                execution.subject().number(),
                execution.startedAt(),
                clock.instant());
    }

    private AttemptOutcome revoked(Execution execution, RevokeReason reason) {
        tellRevoked(execution, reason);
        return outcomes.revoked(execution.subject().accepted(), execution.nextRevision(), reason, clock.instant());
    }

    private void tellRevoked(Execution execution, RevokeReason reason) {
        metrics(execution).revoked(reason);
        tell(execution, listener -> {}, TaskState.REVOKED);
    }

    private List<ScheduledFuture<?>> watch(Execution execution, Runnable release) {
        var deadline = execution.deadline();
        if (deadline == null) {
            return List.of();
        }
        var limit = Duration.between(execution.startedAt(), deadline);
        return List.of(
                limits.timer().schedule(() -> timeOut(execution), limit.toNanos(), TimeUnit.NANOSECONDS),
                limits.timer()
                        .schedule(
                                () -> giveUp(execution, release),
                                limit.plus(grace(execution)).toNanos(),
                                TimeUnit.NANOSECONDS));
    }

    private static void timeOut(Execution execution) {
        if (execution.timeOut()) {
            metrics(execution).timedOut();
        }
    }

    private static EngineMetrics metrics(Execution execution) {
        return execution.subject().attemptQueue().metrics();
    }

    private Duration grace(Execution execution) {
        var own = execution.subject().handler().grace();
        return own == null ? limits.grace() : own;
    }

    /** Decides on the timer thread and concludes on another thread, because listeners may block. */
    private void giveUp(Execution execution, Runnable release) {
        if (execution.claim()) {
            metrics(execution).givenUp();
            LOG.warn(
                    "task {} ({}) ignores the interrupt at its time limit and is given up; its thread is lost until it ends",
                    execution.id(),
                    execution.task());
            var conclusion = conclusion(execution, release);
            try {
                limits.executor().execute(conclusion);
            } catch (RuntimeException | Error e) {
                LOG.warn("no thread to conclude task {}, so the timer thread concludes it", execution.id(), e);
                conclusion.run();
            }
        }
    }

    private Runnable conclusion(Execution execution, Runnable release) {
        return () -> {
            nameInLog(execution);
            try {
                var thrown = new InterruptedException(
                        "did not stop " + grace(execution).toMillis() + " ms after it was interrupted");
                execution.end(concluded(execution, () -> failed(execution, thrown)));
            } finally {
                MDC.clear();
                release.run();
            }
        };
    }

    private void tell(Execution execution, Consumer<TaskListener> event, TaskState state) {
        for (var listener : listeners) {
            tell(execution, listener, event);
            tell(execution, listener, told -> told.afterReturn(execution, state));
        }
    }

    private void tell(Execution execution, TaskListener listener, Consumer<TaskListener> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "listener {} failed on task {}",
                    listener.getClass().getName(),
                    execution.id(),
                    disclosure(execution).loggable(e));
        }
    }

    /** After a time limit, the retry policy sees {@link TimeLimitExceededException}, not the exception that the interrupt caused. */
    private static Throwable ofLimit(TaskContext context, Throwable thrown) {
        return thrown instanceof RetryRequest || thrown instanceof TimeLimitExceededException
                ? thrown
                : new TimeLimitExceededException(context.deadline(), thrown);
    }
}

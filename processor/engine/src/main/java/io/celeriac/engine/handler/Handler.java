package io.celeriac.engine.handler;

import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.TaskContext;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The code for the tasks of a name, with its rules.
 *
 * @param name of the tasks
 * @param aliases other names of tasks that it runs too
 * @param call runs it
 * @param retry after a failed attempt
 * @param timeLimit of an attempt; null for none
 * @param limits of its work on one worker
 * @param grace between the time limit and giving an attempt up; null for the worker's
 * @param redaction the secrets of its tasks
 */
public record Handler(
        String name,
        Set<String> aliases,
        Call call,
        RetryPolicy retry,
        @Nullable Duration timeLimit,
        HandlerLimits limits,
        @Nullable Duration grace,
        Redaction redaction) {

    public Handler {
        aliases = Set.copyOf(aliases);
        if (timeLimit != null
                && (timeLimit.isNegative() || timeLimit.isZero() || timeLimit.compareTo(TaskRules.LONGEST) > 0)) {
            throw new IllegalArgumentException("timeLimit of " + name
                    + " must be longer than zero and at most a hundred years, but is " + timeLimit);
        }
    }

    /** A handler without limits or secrets. */
    public Handler(String name, Call call, RetryPolicy retry, @Nullable Duration timeLimit) {
        this(name, Set.of(), call, retry, timeLimit, HandlerLimits.NONE, null, Redaction.NONE);
    }

    /** Runs the user's code. */
    @FunctionalInterface
    public interface Call {

        /**
         * Called on an attempt's own thread, which may be interrupted.
         *
         * @return the result, to be written as JSON; a {@code CompletionStage} is waited for
         * @throws Exception to fail the attempt
         */
        @Nullable
        Object run(Task task, TaskContext context) throws Exception;

        /** The parameters that a task fills; null when they are not known. */
        default @Nullable List<ParameterInfo> parameters() {
            return null;
        }

        /** The method that it calls; null when it calls none. */
        default @Nullable Method method() {
            return null;
        }
    }

    /** A handler that neither retries nor has a time limit. */
    public static Handler of(String name, Call call) {
        return new Handler(name, call, RetryPolicy.NONE, null);
    }

    /** This handler, also for tasks of other names. */
    public Handler alsoFor(String... otherNames) {
        return new Handler(name, Set.of(otherNames), call, retry, timeLimit, limits, grace, redaction);
    }

    /** This handler with limits. */
    public Handler limited(HandlerLimits newLimits) {
        return new Handler(name, aliases, call, retry, timeLimit, newLimits, grace, redaction);
    }

    /** This handler with more secrets. */
    public Handler redacted(Redaction more) {
        return new Handler(name, aliases, call, retry, timeLimit, limits, grace, redaction.and(more));
    }
}

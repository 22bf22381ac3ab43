package io.celeriac.engine.readiness;

import io.celeriac.engine.Explanation.Stage;
import io.celeriac.engine.attempt.Attempt;
import io.celeriac.engine.attempt.AttemptQueue;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.handler.UnknownTaskException;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last gate: passes tasks to the {@link Dispatcher}, where they wait for a thread. */
public final class ThreadGate implements Gate {

    private final AttemptQueue attempts;
    private final Dispatcher dispatcher;
    private final HandlerRegistry handlers;
    private final Window window;
    private final Predicate<String> isQuarantined;

    /** @param isQuarantined whether a task of the window waits at the {@link QuarantineGate}, by its id */
    public ThreadGate(
            AttemptQueue attempts,
            Dispatcher dispatcher,
            HandlerRegistry handlers,
            Window window,
            Predicate<String> isQuarantined) {
        this.attempts = attempts;
        this.dispatcher = dispatcher;
        this.handlers = handlers;
        this.window = window;
        this.isQuarantined = isQuarantined;
    }

    @Override
    public Verdict admit(Candidate candidate, Instant now) {
        dispatch(attempt(candidate), candidate.due(), now);
        return Verdict.PASS;
    }

    /** The next attempt of a task; without a handler it is one that fails. */
    Attempt attempt(Candidate candidate) {
        var handler = candidate.handler();
        return new Attempt(
                attempts,
                candidate.task(),
                handler == null ? UnknownTaskException.handler(candidate.name(), handlers.names()) : handler,
                DueGate.later(candidate.task().readyAt(), Instant.ofEpochMilli(candidate.due())));
    }

    /** @param due epoch milliseconds before which the attempt does not begin */
    public void dispatch(Attempt attempt, long due, Instant now) {
        if (due > now.toEpochMilli()) {
            dispatcher.submitAt(attempt, Instant.ofEpochMilli(due));
        } else {
            dispatcher.submitOneOfMany(attempt);
        }
    }

    @Override
    public boolean withdraw(Candidate candidate) {
        return window.contains(candidate.id()) && attempts.withdraw(candidate.id());
    }

    @Override
    public @Nullable Wait explain(Candidate candidate, Instant now) {
        var startedAt = attempts.running().get(candidate.id());
        if (startedAt != null) {
            return new Wait(Stage.RUNNING, startedAt, null);
        }
        var since = window.since(candidate.id());
        if (since == null || isQuarantined.test(candidate.id())) {
            return null;
        }
        var due = Instant.ofEpochMilli(candidate.due());
        return due.isAfter(now)
                ? DueGate.untilDue(candidate)
                : new Wait(
                        isAtLimit(candidate.handler()) ? Stage.HANDLER_LIMIT : Stage.THREAD,
                        DueGate.later(since, due),
                        null);
    }

    private boolean isAtLimit(@Nullable Handler handler) {
        return handler != null && dispatcher.isAtLimit(handler);
    }
}

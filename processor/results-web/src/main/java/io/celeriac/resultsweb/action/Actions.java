package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionRepository;
import io.celeriac.results.action.TaskAction;
import io.celeriac.results.action.TaskAction.Order;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.Searches;
import io.celeriac.web.problem.ProblemException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** Takes actions: plans them, stores them, and wakes the loop that works on them. */
final class Actions {

    private final ActionRepository repository;
    private final ActionPlanner planner;
    private final Searches searches;
    private final ActionLoop loop;
    private final InstantSource clock;
    private final int mostRunning;

    Actions(
            ActionRepository repository,
            ActionPlanner planner,
            Searches searches,
            ActionLoop loop,
            InstantSource clock,
            int mostRunning) {
        this.repository = repository;
        this.planner = planner;
        this.searches = searches;
        this.loop = loop;
        this.clock = clock;
        this.mostRunning = mostRunning;
    }

    /** What a request would do. */
    ActionPlan plan(ActionRequest request, Caller by) {
        return searches.run(() -> planner.plan(request.kind(), request.q(), clock.instant(), by));
    }

    /**
     * Creates an action.
     *
     * @param id creates its id
     * @throws ProblemException when too many are running
     */
    TaskAction create(ActionRequest request, Supplier<String> id, Caller by) {
        if (repository.running() >= mostRunning) {
            throw ProblemException.conflict(
                    mostRunning + " actions are running already; wait until one is done, or abort one", List.of());
        }
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var plan = searches.run(() -> planner.plan(request.kind(), request.q(), now, by));
        var order = new Order(
                request.kind(),
                request.name(),
                request.q(),
                plan.frozenQ(),
                request.terminate(),
                request.rate(),
                by.name(),
                now);
        var action = TaskAction.created(id.get(), order, plan.count(), plan.exact());
        repository.add(action);
        loop.wake();
        return require(action.id());
    }

    /**
     * The action of an id.
     *
     * @throws ProblemException when there is none
     */
    TaskAction require(String id) {
        return repository
                .find(id)
                .orElseThrow(
                        () -> new ProblemException(HttpStatus.NOT_FOUND, "there is no action " + id + ", or no more"));
    }

    /**
     * Stops an action.
     *
     * @throws ProblemException when there is none, or it is not running
     */
    TaskAction abort(String id, Caller by) {
        var stopped = repository.abort(id, by.name(), clock.instant());
        var action = require(id);
        if (!stopped) {
            throw ProblemException.conflict(
                    "action " + id + " is " + action.state().word() + "; only a running action can be aborted",
                    List.of());
        }
        return action;
    }

    @Nullable
    TaskAction find(String id) {
        return repository.find(id).orElse(null);
    }
}

package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionCursor;
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
                now,
                by.queues());
        var action = TaskAction.created(id.get(), order, plan.count(), plan.exact());
        repository.add(action);
        loop.wake();
        return require(action.id(), by);
    }

    /**
     * The action of an id.
     *
     * @throws ProblemException 404 when there is none, or none that the caller sees
     */
    TaskAction require(String id, Caller caller) {
        return repository
                .find(id)
                .filter(action -> sees(caller, action))
                .orElseThrow(
                        () -> new ProblemException(HttpStatus.NOT_FOUND, "there is no action " + id + ", or no more"));
    }

    /**
     * The newest actions that the caller sees; fewer than the limit even if there are more.
     *
     * @param after the last one of the page before; null for the first page
     */
    Page list(Caller caller, @Nullable ActionCursor after, int limit) {
        var found = caller.queues() == null
                ? repository.list(after, limit + 1)
                : repository.listNarrowed(caller.name(), after, limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        var last = page.isEmpty() ? null : page.get(page.size() - 1);
        return new Page(
                page.stream().filter(action -> sees(caller, action)).toList(),
                last == null || found.size() <= limit
                        ? null
                        : new ActionCursor(last.order().createdAt(), last.id()));
    }

    /**
     * A page of actions.
     *
     * @param next where the next page begins; null when this is the last
     */
    record Page(List<TaskAction> actions, @Nullable ActionCursor next) {}

    /** A caller that is narrowed to queues sees the actions that it made, while it has all of their queues. */
    private static boolean sees(Caller caller, TaskAction action) {
        var order = action.order();
        return caller.queues() == null
                || (order.createdBy().equals(caller.name())
                        && order.queues() != null
                        && caller.queues().containsAll(order.queues()));
    }

    /**
     * Stops an action.
     *
     * @throws ProblemException when there is none, or it is not running
     */
    TaskAction abort(String id, Caller by) {
        require(id, by);
        var stopped = repository.abort(id, by.name(), clock.instant());
        var action = require(id, by);
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

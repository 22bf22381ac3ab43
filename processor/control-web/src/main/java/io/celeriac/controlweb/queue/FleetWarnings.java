package io.celeriac.controlweb.queue;

import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.contract.task.Task;
import io.celeriac.controlweb.fleet.Fleet;
import io.celeriac.web.receipt.SubmissionWarnings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Warns of a task that will not run soon: its queue is paused, or no live worker can run it. It says nothing while it is not known which
 * workers are up. What workers can run is looked up anew once a second, because submissions ask thousands of times.
 */
final class FleetWarnings implements SubmissionWarnings {

    private static final Duration FRESH = Duration.ofSeconds(1);

    /** The handlers of the live workers, by queue and by the name of the task. */
    private record Known(Instant at, Map<String, Map<String, Set<HandlerInfo>>> handlers) {}

    private final Fleet fleet;
    private final InstantSource clock;
    private volatile Known known = new Known(Instant.MIN, Map.of());

    FleetWarnings(Fleet fleet, InstantSource clock) {
        this.fleet = fleet;
        this.clock = clock;
    }

    @Override
    public List<String> of(String queue, Task task) {
        if (!fleet.isKnown()) {
            return List.of();
        }
        var warnings = new ArrayList<String>();
        fleet.setting(Kind.QUEUE, queue)
                .ifPresent(pause -> warnings.add("queue-paused: queue " + queue + " is paused since " + pause.at()
                        + " by " + pause.by() + (pause.note() == null ? "" : ": " + pause.note())));
        var handlers = known().handlers.get(queue);
        if (handlers == null) {
            warnings.add("no-worker: no live worker takes queue " + queue);
        } else {
            ofHandlers(queue, task, handlers.getOrDefault(task.task(), Set.of()))
                    .ifPresent(warnings::add);
        }
        return warnings;
    }

    private Known known() {
        var latest = known;
        var now = clock.instant();
        if (now.isAfter(latest.at.plus(FRESH))) {
            latest = new Known(now, handlers());
            known = latest;
        }
        return latest;
    }

    private Map<String, Map<String, Set<HandlerInfo>>> handlers() {
        var byQueue = new HashMap<String, Map<String, Set<HandlerInfo>>>();
        for (var seen : fleet.live()) {
            for (var part : seen.heartbeat().queues()) {
                var byTask = byQueue.computeIfAbsent(part.queue(), queue -> new HashMap<>());
                for (var handler : seen.heartbeat().handlers()) {
                    Stream.concat(Stream.of(handler.task()), handler.aliases().stream())
                            .forEach(name -> byTask.computeIfAbsent(name, task -> new LinkedHashSet<>())
                                    .add(handler));
                }
            }
        }
        return byQueue;
    }

    private static Optional<String> ofHandlers(String queue, Task task, Set<HandlerInfo> handlers) {
        if (handlers.isEmpty()) {
            return Optional.of(NO_HANDLER + "no live worker of queue " + queue + " has a handler for " + task.task());
        }
        var misfits = handlers.stream().map(handler -> misfit(handler, task)).toList();
        return misfits.stream().anyMatch(Optional::isEmpty)
                ? Optional.empty()
                : misfits.get(0)
                        .map(why -> "arguments: no live handler of " + task.task() + " takes these arguments: " + why);
    }

    /** Why a handler does not take the arguments; empty if it does, as far as can be told without their types. */
    private static Optional<String> misfit(HandlerInfo handler, Task task) {
        var parameters = handler.parameters();
        if (parameters == null || isWhole(parameters, task)) {
            return Optional.empty();
        }
        if (task.args().size() > parameters.size()) {
            return Optional.of("there are " + task.args().size() + " positional ones, and it has " + parameters.size()
                    + " parameters");
        }
        var names = parameters.stream().map(ParameterInfo::name).toList();
        var surplus = task.kwargs().keySet().stream()
                .filter(name -> !names.contains(name))
                .findFirst();
        if (surplus.isPresent()) {
            return Optional.of("it has no parameter \"" + surplus.get() + '"');
        }
        return parameters.stream()
                .skip(task.args().size())
                .filter(ParameterInfo::required)
                .map(ParameterInfo::name)
                .filter(name -> !task.kwargs().containsKey(name))
                .findFirst()
                .map(name -> "\"" + name + "\" is missing");
    }

    /** A single parameter may be a record that takes all named arguments; its fields are not known here. */
    private static boolean isWhole(List<ParameterInfo> parameters, Task task) {
        return parameters.size() == 1
                && task.args().isEmpty()
                && !task.kwargs().containsKey(parameters.get(0).name());
    }
}

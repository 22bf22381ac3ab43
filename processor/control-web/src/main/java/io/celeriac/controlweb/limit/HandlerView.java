package io.celeriac.controlweb.limit;

import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.controlweb.fleet.Fleet;
import io.celeriac.controlweb.fleet.Fleet.Seen;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A task that workers can run.
 *
 * @param task its name
 * @param workers ids of the workers that can run it
 * @param aliases other names that the handler runs too
 * @param parameters of the handler; absent when they are not known, or workers differ about them
 * @param concurrency as configured; several values when workers differ
 * @param rateLimit as configured; several values when workers differ
 * @param set the limits that somebody has set; absent for none
 */
public record HandlerView(
        String task,
        List<String> workers,
        List<String> aliases,
        @Nullable List<ParameterInfo> parameters,
        List<Integer> concurrency,
        List<String> rateLimit,
        @Nullable LiveLimits set) {

    /** All tasks that some of these workers can run, by name. */
    static List<HandlerView> of(Collection<Seen> workers, Fleet fleet) {
        SortedMap<String, Map<String, HandlerInfo>> byTask = new TreeMap<>();
        for (var seen : workers) {
            for (var handler : seen.heartbeat().handlers()) {
                byTask.computeIfAbsent(handler.task(), task -> new HashMap<>())
                        .put(seen.heartbeat().id(), handler);
            }
        }
        return byTask.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue(), fleet))
                .toList();
    }

    private static HandlerView of(String task, Map<String, HandlerInfo> byWorker, Fleet fleet) {
        var all = byWorker.values();
        var parameters = all.stream().map(HandlerInfo::parameters).distinct().toList();
        return new HandlerView(
                task,
                byWorker.keySet().stream().sorted().toList(),
                all.stream()
                        .flatMap(handler -> handler.aliases().stream())
                        .distinct()
                        .sorted()
                        .toList(),
                parameters.size() == 1 ? parameters.get(0) : null,
                all.stream()
                        .map(handler -> handler.concurrency().configured())
                        .filter(Objects::nonNull)
                        .distinct()
                        .sorted()
                        .toList(),
                all.stream()
                        .map(handler -> handler.rateLimit().configured())
                        .filter(Objects::nonNull)
                        .distinct()
                        .sorted()
                        .toList(),
                fleet.setting(Kind.HANDLER, task).map(LiveLimits::of).orElse(null));
    }
}

package io.celeriac.schedule.firing;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toSet;

import io.celeriac.contract.schedule.Overlap;
import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.ScheduleProperties;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.history.UnfinishedFiring;
import io.celeriac.schedule.history.UnfinishedFiringRepository;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The firings that have not ended, of schedules whose firings must not overlap.
 *
 * <p>A firing is unfinished from the commit that emits it until its task has a final state. A firing without a result does not hold up
 * its schedule for ever, see {@link ScheduleProperties#resultPatience()} and {@link ScheduleProperties#unfinishedPatience()}. Called
 * within the transaction that claims.
 */
public final class UnfinishedFirings {

    private final UnfinishedFiringRepository repository;
    private final TaskStates states;
    private final ScheduleProperties settings;

    public UnfinishedFirings(UnfinishedFiringRepository repository, TaskStates states, ScheduleProperties settings) {
        this.repository = repository;
        this.states = states;
        this.settings = settings;
    }

    /** Ids of the tasks that have not ended, by the id of their schedule. It deletes the rows of those that have. */
    Map<String, List<String>> running(List<StoredSchedule> due, Instant now) {
        var asking = due.stream()
                .filter(schedule -> schedule.schedule().overlap() != Overlap.ALLOW)
                .toList();
        if (asking.isEmpty()) {
            return Map.of();
        }
        var begun = new HashSet<>(
                repository.of(asking.stream().map(StoredSchedule::id).toList()));
        var written = begun.stream().map(UnfinishedFiring::taskId).collect(toSet());
        asking.stream()
                .flatMap(schedule -> last(schedule).stream())
                .filter(firing -> !written.contains(firing.taskId()))
                .forEach(begun::add);
        if (begun.isEmpty()) {
            return Map.of();
        }
        var known = states.of(begun.stream().map(UnfinishedFiring::taskId).toList());
        var ended = begun.stream()
                .filter(firing -> hasEnded(known.get(firing.taskId()), firing.emittedAt(), now))
                .collect(toSet());
        repository.delete(ended.stream()
                .filter(firing -> written.contains(firing.taskId()))
                .toList());
        return begun.stream()
                .filter(firing -> !ended.contains(firing))
                .collect(groupingBy(UnfinishedFiring::scheduleId, mapping(UnfinishedFiring::taskId, toList())));
    }

    /** The last firing. It has no row if the schedule allowed overlap when it was emitted. */
    private static Optional<UnfinishedFiring> last(StoredSchedule schedule) {
        return Optional.ofNullable(schedule.progress().lastFireAt())
                .map(fireTime -> new UnfinishedFiring(schedule.id(), schedule.taskId(fireTime), fireTime));
    }

    /** Whether the task of a firing has not ended. */
    public boolean hasNotEnded(String taskId, Instant emittedAt, Instant now) {
        return !hasEnded(states.of(List.of(taskId)).get(taskId), emittedAt, now);
    }

    private boolean hasEnded(@Nullable TaskState state, Instant emittedAt, Instant now) {
        if (state != null && state.isFinal()) {
            return true;
        }
        var patience = state == null ? settings.resultPatience() : settings.unfinishedPatience();
        return emittedAt.isBefore(now.minus(patience));
    }

    /** Stores the firings that a transaction emits. */
    public void begun(Collection<? extends Plan<?>> plans, Instant now) {
        repository.add(plans.stream()
                .filter(plan -> plan.schedule().schedule().overlap() != Overlap.ALLOW)
                .flatMap(plan -> plan.firings().stream()
                        .flatMap(firing -> Stream.ofNullable(firing.taskId()))
                        .map(task -> new UnfinishedFiring(plan.schedule().id(), task, now)))
                .collect(toSet()));
    }
}

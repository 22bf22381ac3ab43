package io.celeriac.schedule.firing;

import io.celeriac.contract.result.TaskState;
import io.celeriac.schedule.StoredSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which firings have a task although the table does not tell of them: a scheduler sent them and failed or died before it could write
 * that down. Of a schedule these are the firing that waited for another, and the first ones that are missed, as what comes before them is
 * written down.
 */
final class EmittedFirings {

    private final TaskStates states;
    private final SentTasks tasks;
    private final Duration missedAfter;

    EmittedFirings(TaskStates states, SentTasks tasks, Duration missedAfter) {
        this.states = states;
        this.tasks = tasks;
        this.missedAfter = missedAfter;
    }

    /**
     * A firing and what became of its task.
     *
     * @param waited whether it is the one that waited for an earlier one to end
     */
    record Sent(Instant fireTime, String taskId, TaskState state, boolean waited) {}

    private record Candidate(StoredSchedule schedule, Instant fireTime, String taskId, boolean waited) {

        Candidate(StoredSchedule schedule, Instant fireTime, boolean waited) {
            this(schedule, fireTime, schedule.taskId(fireTime), waited);
        }

        StoredSchedule after() {
            return waited ? schedule.firedBuffered(fireTime) : schedule.fired(fireTime);
        }
    }

    /** Those of each schedule, by its id, in their order. One question for all; another only for those that have one. */
    Map<String, List<Sent>> of(List<StoredSchedule> due, Instant now) {
        var sent = new HashMap<String, List<Sent>>();
        var candidates =
                due.stream().flatMap(schedule -> candidate(schedule, now)).toList();
        for (var round = 0; round < FiringPlanner.MOST_FIRINGS && !candidates.isEmpty(); round++) {
            var known = known(candidates);
            var found = candidates.stream()
                    .filter(firing -> known.containsKey(firing.taskId))
                    .toList();
            for (var firing : found) {
                var state = Objects.requireNonNull(known.get(firing.taskId));
                sent.computeIfAbsent(firing.schedule.id(), id -> new ArrayList<>())
                        .add(new Sent(firing.fireTime, firing.taskId, state, firing.waited));
            }
            var behindWaiting = round == 0
                    ? candidates.stream()
                            .filter(firing -> firing.waited && !known.containsKey(firing.taskId))
                            .flatMap(firing -> missed(firing.schedule, now))
                    : Stream.<Candidate>empty();
            candidates = Stream.concat(behindWaiting, found.stream().flatMap(firing -> candidate(firing.after(), now)))
                    .toList();
        }
        return sent;
    }

    private Map<String, TaskState> known(List<Candidate> candidates) {
        var known = new HashMap<>(
                states.of(candidates.stream().map(Candidate::taskId).toList()));
        candidates.stream()
                .map(Candidate::taskId)
                .filter(tasks::has)
                .forEach(id -> known.putIfAbsent(id, TaskState.PENDING));
        return known;
    }

    private Stream<Candidate> candidate(StoredSchedule schedule, Instant now) {
        var waiting = schedule.progress().bufferedFireAt();
        return waiting == null ? missed(schedule, now) : Stream.of(new Candidate(schedule, waiting, true));
    }

    private Stream<Candidate> missed(StoredSchedule schedule, Instant now) {
        return Stream.ofNullable(schedule.progress().nextFireAt())
                .filter(first -> isMissed(schedule, first, now))
                .map(first -> new Candidate(schedule, first, false));
    }

    private boolean isMissed(StoredSchedule schedule, Instant fireTime, Instant now) {
        return schedule.dueAt(fireTime).isBefore(now.minus(missedAfter));
    }

    /** Whether this program has sent a firing that is not written down, and the broker has not answered yet. */
    boolean isUnderway(StoredSchedule schedule) {
        return unrecorded(schedule).anyMatch(fireTime -> tasks.isUnderway(schedule.taskId(fireTime)));
    }

    /** Whether that is so of any firing that a plan tells as skipped. */
    boolean tellsOfUnderway(FiringPlan plan) {
        return plan.doubtful(missedAfter).stream()
                .anyMatch(fireTime -> tasks.isUnderway(plan.schedule().taskId(fireTime)));
    }

    /** The same plans, but that no firing is told as skipped of which it is known that it has a task. One question for all. */
    List<FiringPlan> withoutLies(List<FiringPlan> plans) {
        var doubtful = plans.stream()
                .flatMap(plan -> plan.doubtful(missedAfter).stream()
                        .map(fireTime -> plan.schedule().taskId(fireTime)))
                .toList();
        if (doubtful.isEmpty()) {
            return plans;
        }
        var known = states.of(doubtful);
        return plans.stream()
                .map(plan -> plan.withoutLies(missedAfter, id -> known.containsKey(id) || tasks.has(id)))
                .toList();
    }

    /**
     * Whether a firing may have been sent of which nobody knows.
     *
     * @param dueAt since when the schedule has to be looked at
     */
    boolean mayHaveBeenSent(StoredSchedule schedule, Instant dueAt, Instant now) {
        var next = schedule.progress().nextFireAt();
        return (next != null && isMissed(schedule, next, now))
                || (schedule.progress().bufferedFireAt() != null && dueAt.isBefore(now.minus(missedAfter)));
    }

    private static Stream<Instant> unrecorded(StoredSchedule schedule) {
        return Stream.concat(
                Stream.ofNullable(schedule.progress().bufferedFireAt()),
                Stream.ofNullable(schedule.progress().nextFireAt()));
    }
}

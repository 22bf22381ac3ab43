package io.celeriac.schedule.firing;

import io.celeriac.contract.task.TaskState;
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
 * Finds firings whose tasks were sent but not recorded. A scheduler sent them and failed or died before its commit. Such a firing is
 * either the one that waited for another, or among the first missed ones. All earlier firings are recorded.
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
     * A firing that was sent, and the state of its task.
     *
     * @param waited whether it waited for an earlier one to end
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

    /**
     * The firings that were sent, in order, by the id of their schedule. One query for all schedules, and one more for those with such
     * a firing.
     */
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

    /** Whether this program sent an unrecorded firing that the broker has not answered yet. */
    boolean isUnderway(StoredSchedule schedule) {
        return unrecorded(schedule).anyMatch(fireTime -> tasks.isUnderway(schedule.taskId(fireTime)));
    }

    /** Whether a plan skips a firing that this program sent and the broker has not answered yet. */
    boolean tellsOfUnderway(FiringPlan plan) {
        return plan.doubtful(missedAfter).stream()
                .anyMatch(fireTime -> tasks.isUnderway(plan.schedule().taskId(fireTime)));
    }

    /** The same plans, with skipped firings that have a task recorded as emitted. One query for all plans. */
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
     * Whether a scheduler may have sent a firing without recording it.
     *
     * @param dueAt since when the schedule is due
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

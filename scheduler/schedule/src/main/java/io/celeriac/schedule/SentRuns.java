package io.celeriac.schedule;

import io.celeriac.contract.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Which missed runs have a task all the same: a scheduler sent them and died before it could write that down. They are the first ones
 * that are missed, as what comes before them is written down.
 */
final class SentRuns {

    private final TaskStates states;
    private final Duration missedAfter;

    SentRuns(TaskStates states, Duration missedAfter) {
        this.states = states;
        this.missedAfter = missedAfter;
    }

    /** A run and what became of its task. */
    record Sent(Instant fireTime, String taskId, TaskState state) {}

    private record Missed(StoredSchedule schedule, Instant fireTime, String taskId) {}

    /** Those of each schedule, by its id, oldest first. One question for all; another only for those that have one. */
    Map<String, List<Sent>> of(Stream<StoredSchedule> due, Instant now) {
        var sent = new HashMap<String, List<Sent>>();
        var missed = missed(due, now);
        for (var round = 0; round < FiringPlanner.MOST_RUNS && !missed.isEmpty(); round++) {
            var known = states.of(missed.stream().map(Missed::taskId).toList());
            var found =
                    missed.stream().filter(run -> known.containsKey(run.taskId)).toList();
            for (var run : found) {
                var state = Objects.requireNonNull(known.get(run.taskId));
                sent.computeIfAbsent(run.schedule.id(), id -> new ArrayList<>())
                        .add(new Sent(run.fireTime, run.taskId, state));
            }
            missed = missed(found.stream().map(run -> run.schedule.fired(run.fireTime)), now);
        }
        return sent;
    }

    private List<Missed> missed(Stream<StoredSchedule> schedules, Instant now) {
        var missedBefore = now.minus(missedAfter);
        return schedules
                .flatMap(schedule -> Stream.ofNullable(schedule.progress().nextFireAt())
                        .filter(first -> schedule.dueAt(first).isBefore(missedBefore))
                        .map(first -> new Missed(schedule, first, schedule.taskId(first))))
                .toList();
    }
}

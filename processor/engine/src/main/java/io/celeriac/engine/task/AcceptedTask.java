package io.celeriac.engine.task;

import io.celeriac.contract.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A task that this worker has accepted, with its history.
 *
 * @param origin the record that brought it
 * @param id of the task; {@code task} has it too, unless the id is a word that was reserved after the task was accepted
 * @param task the task itself
 * @param attempts number of failed attempts; the next attempt has this number plus one
 * @param revision of the last published state; 0 when nothing was published
 * @param history of the failed attempts, oldest first; the most recent {@value #HISTORY} of them
 * @param acceptedAt when this queue's workers first saw it
 * @param deaths how often a process has died while it ran the task
 */
public record AcceptedTask(
        SourceRecord origin,
        String id,
        Task task,
        int attempts,
        long revision,
        List<FailedAttempt> history,
        Instant acceptedAt,
        int deaths) {

    private static final int HISTORY = 20;

    public AcceptedTask {
        history = List.copyOf(history);
    }

    /**
     * A task without any attempt.
     *
     * @param task with its id
     */
    public static AcceptedTask first(SourceRecord origin, Task task, Instant acceptedAt) {
        return new AcceptedTask(origin, Objects.requireNonNull(task.id(), "id"), task, 0, 0, List.of(), acceptedAt, 0);
    }

    /** When it was submitted, by the client's clock, or otherwise the record's timestamp. */
    public Instant submittedAt() {
        return task.submittedAt() == null ? origin.timestamp() : task.submittedAt();
    }

    /** Whether its {@code expires} has passed. */
    public boolean isExpired(Instant now) {
        return task.expires() != null && now.isAfter(task.expires());
    }

    /** Since when it could run, but for other tasks: when it came, was due, or was to be tried again. */
    public Instant readyAt() {
        var last = history.isEmpty() ? null : history.get(history.size() - 1);
        var from = last == null ? acceptedAt : last.finishedAt();
        return last == null && task.eta() != null && task.eta().isAfter(from) ? task.eta() : from;
    }

    /** This task after an attempt has failed. */
    public AcceptedTask failed(FailedAttempt failure, long newRevision) {
        var longer = new ArrayList<>(history);
        longer.add(failure);
        return new AcceptedTask(
                origin,
                id,
                task,
                attempts + 1,
                newRevision,
                longer.subList(Math.max(0, longer.size() - HISTORY), longer.size()),
                acceptedAt,
                deaths);
    }

    /** This task after a process that ran it has died. */
    public AcceptedTask survived() {
        return new AcceptedTask(origin, id, task, attempts, revision, history, acceptedAt, deaths + 1);
    }
}

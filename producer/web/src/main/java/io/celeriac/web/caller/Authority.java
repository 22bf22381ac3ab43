package io.celeriac.web.caller;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/**
 * The right to one kind of action.
 *
 * <p>Most authorities concern a queue, and a grant may narrow them to some queues. The others concern the whole installation.
 */
public enum Authority {
    /** Reads tasks, attempts, events, dead letters, queues and numbers, without what tasks carry. */
    TASK_READ("task:read", true),
    /** Reads arguments, results, error messages and the values of dead letters; the calls themselves need another authority. */
    TASK_PAYLOAD("task:payload", true),
    /** Submits tasks. */
    TASK_SUBMIT("task:submit", true),
    /** Revokes tasks and terminates attempts. */
    TASK_REVOKE("task:revoke", true),
    /** Retries tasks. */
    TASK_RETRY("task:retry", true),
    /** Reads schedules, their firings and backfills. */
    SCHEDULE_READ("schedule:read", true),
    /** Creates, changes, pauses and deletes schedules. */
    SCHEDULE_WRITE("schedule:write", true),
    /** Fires schedules by hand, and backfills. */
    SCHEDULE_RUN("schedule:run", true),
    /** Pauses and resumes queues. */
    QUEUE_PAUSE("queue:pause", true),
    /** Ends all tasks of a queue. */
    QUEUE_PURGE("queue:purge", true),
    /** Drains workers, and changes limits. */
    WORKER_CONTROL("worker:control", false),
    /** Replays dead letters. */
    DEADLETTER_REPLAY("deadletter:replay", true),
    /** Reads the metrics of programs. */
    METRICS_READ("metrics:read", false),
    /** Creates and changes users and tokens, and so may do everything. */
    USER_ADMIN("user:admin", false),
    /** Reads the audit. */
    AUDIT_READ("audit:read", false);

    private final String word;
    private final boolean concernsQueue;

    Authority(String word, boolean concernsQueue) {
        this.word = word;
        this.concernsQueue = concernsQueue;
    }

    /** As in REST and in tables, such as {@code task:read}. */
    @JsonValue
    public String word() {
        return word;
    }

    /** True when a grant may narrow it to queues. */
    public boolean concernsQueue() {
        return concernsQueue;
    }

    /** The authority of a word; empty for an unknown word. */
    public static Optional<Authority> of(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }

    @JsonCreator
    static Authority read(String word) {
        return of(word).orElseThrow(() -> new IllegalArgumentException("no authority is named " + word));
    }

    @Override
    public String toString() {
        return word;
    }
}

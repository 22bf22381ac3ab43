package io.celeriac.controlweb.queue;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A record of a queue, as a task where it is one.
 *
 * @param at the record's timestamp
 * @param size of the value in bytes
 * @param id of the task; absent for one that gets its id from its place, and for bytes that are no task
 * @param task its name; absent for bytes that are no task
 * @param args with {@value Redaction#MARK} in place of secrets
 * @param kwargs as {@code args}
 * @param message why the bytes are no task
 * @param valueBase64 the first bytes of what is no task
 * @param withheld what is not shown, and why
 */
@JsonInclude(Include.NON_NULL)
record PeekedRecord(
        int partition,
        long offset,
        Instant at,
        int size,
        @Nullable String id,
        @Nullable String task,
        @Nullable List<JsonNode> args,
        @Nullable Map<String, JsonNode> kwargs,
        @Nullable String key,
        @Nullable Integer priority,
        @Nullable Instant eta,
        @Nullable Instant expires,
        @JsonInclude(Include.NON_EMPTY) Map<String, String> labels,
        @Nullable String message,
        @Nullable String valueBase64,
        @Nullable String withheld) {

    private static final int MOST_BYTES = 4 << 10;
    private static final String ID = "-"; // of a task that has none; it is not shown
    private static final String NOT_KNOWN =
            "args and kwargs, as no worker has told which arguments of this task are secret";
    private static final String MAY_HOLD_ONE = "the bytes, as they may hold a secret";

    static PeekedRecord of(ConsumerRecord<byte[], byte[]> record, String queue, HandlerSecrets secrets) {
        var value = record.value();
        if (value == null) {
            return unreadable(record, "the record has no value", null, null);
        }
        Task task;
        try {
            task = TaskJson.task(value);
        } catch (InvalidTaskException e) {
            return secrets.mayBeIn(value)
                    ? unreadable(record, null, null, MAY_HOLD_ONE)
                    : unreadable(
                            record, e.getMessage(), Arrays.copyOf(value, Math.min(value.length, MOST_BYTES)), null);
        }
        return secrets.of(task.task())
                .map(redaction -> shown(record, task, redacted(task, queue, redaction), null))
                .orElseGet(() -> shown(record, task, null, NOT_KNOWN));
    }

    private static TaskResult redacted(Task task, String queue, Redaction redaction) {
        return redaction.redact(
                TaskResult.of(task, queue, TaskState.PENDING).id(ID).build());
    }

    /**
     * @param redacted has the arguments; null when they are withheld
     */
    private static PeekedRecord shown(
            ConsumerRecord<byte[], byte[]> record,
            Task task,
            @Nullable TaskResult redacted,
            @Nullable String withheld) {
        var hasNone = task.args().isEmpty() && task.kwargs().isEmpty();
        return new PeekedRecord(
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                size(record),
                task.id(),
                task.task(),
                redacted == null || redacted.args().isEmpty() ? null : redacted.args(),
                redacted == null || redacted.kwargs().isEmpty() ? null : redacted.kwargs(),
                task.key(),
                task.priority(),
                task.eta(),
                task.expires(),
                task.labels(),
                null,
                null,
                hasNone ? null : withheld);
    }

    private static PeekedRecord unreadable(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable String message,
            byte @Nullable [] bytes,
            @Nullable String withheld) {
        return new PeekedRecord(
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                size(record),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                message,
                bytes == null ? null : Base64.getEncoder().encodeToString(bytes),
                withheld);
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        return Math.max(0, record.serializedValueSize());
    }
}

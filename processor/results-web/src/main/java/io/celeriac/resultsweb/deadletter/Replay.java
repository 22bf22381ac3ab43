package io.celeriac.resultsweb.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.WorkflowMember;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.problem.FieldError;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A new task that has everything of a dead letter's task. It has an id of its own: workers remember the old one, and would drop a second
 * task with it as a duplicate.
 *
 * @param queue that the dead letter came from, or another
 * @param task the new task; its {@code retryOf} is the old id
 * @param key of the new record; null for the task's own
 * @param headers of the dead letter's record, without those that say why it is one
 * @param edited true: with another value
 */
record Replay(String queue, Task task, byte @Nullable [] key, List<Header> headers, boolean edited) {

    private static final String OURS = "celeriac-";

    /**
     * Makes the new task. An {@code expires} that has passed is left out; otherwise the task would end at once.
     *
     * @param id of the new task
     * @param change what to change
     * @param quotes whether a refusal may quote values of the dead letter
     * @throws ProblemException when the dead letter cannot be replayed, or not without a change
     * @throws InvalidTaskException when the changed value is no task; its field begins with {@code value}
     */
    static Replay of(
            ConsumerRecord<byte[], byte[]> record,
            ReplayChange change,
            boolean quotes,
            String id,
            Topics topics,
            Instant now) {
        var letter = DeadLetter.from(record.headers());
        if (letter == null) {
            throw ProblemException.conflict(
                    "the dead letter does not say where it came from: its headers are missing", List.of());
        }
        if (!letter.topic().startsWith(topics.tasksPrefix())) {
            throw ProblemException.conflict(
                    "the dead letter came from " + letter.topic() + ", which is no queue; only tasks can be replayed",
                    List.of());
        }
        var task = change.value() == null ? original(record, quotes) : edited(record, change.value());
        var old = task.id() != null
                ? task.id()
                : letter.partition() < 0 ? null : TaskIds.ofRecord(letter.topic(), letter.partition(), letter.offset());
        if (id.equals(old)) {
            throw ProblemException.invalid(
                    "Idempotency-Key",
                    "must not be the id of the task that is replayed: workers would drop the new one as a duplicate");
        }
        var expired = task.expires() != null && !task.expires().isAfter(now);
        var again = task.toBuilder()
                .id(id)
                .retryOf(old)
                .submittedAt(null)
                .expires(expired ? null : task.expires())
                .build();
        return new Replay(
                change.queue() == null
                        ? letter.topic().substring(topics.tasksPrefix().length())
                        : change.queue(),
                again,
                change.value() == null ? record.key() : null,
                headers(record),
                change.value() != null);
    }

    /** The key of the new record. */
    byte[] recordKey() {
        return key == null ? task.partitionKey().getBytes(UTF_8) : key;
    }

    private static Task original(ConsumerRecord<byte[], byte[]> record, boolean quotes) {
        if (record.value() == null) {
            throw ProblemException.conflict(
                    "the dead letter has no value, as its record was too large",
                    List.of(new FieldError("value", "is required")));
        }
        try {
            return TaskJson.task(record.value());
        } catch (InvalidTaskException e) {
            var rule = quotes && !DeadLetter.isSecret(record.headers()) ? e.rule() : "breaks a rule";
            throw ProblemException.conflict(
                    "the dead letter cannot be read as a task; send a corrected value",
                    List.of(new FieldError(inValue(e.field()), rule)));
        }
    }

    /** A changed task keeps its place in a workflow, but may not take another. */
    private static Task edited(ConsumerRecord<byte[], byte[]> record, JsonNode value) {
        try {
            var task = TaskJson.task(value);
            if (task.workflow() != null && !task.workflow().equals(workflow(record))) {
                WorkflowMember.requireNone(task);
            }
            return task;
        } catch (InvalidTaskException e) {
            throw new InvalidTaskException(inValue(e.field()), e.rule());
        }
    }

    private static @Nullable WorkflowMember workflow(ConsumerRecord<byte[], byte[]> record) {
        try {
            return record.value() == null ? null : TaskJson.task(record.value()).workflow();
        } catch (InvalidTaskException e) {
            return null; // its place cannot be read, as the task cannot
        }
    }

    private static String inValue(String field) {
        return field.isEmpty() ? "value" : "value." + field;
    }

    private static List<Header> headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        for (var header : record.headers()) {
            if (!header.key().startsWith(OURS) || header.key().equals(DeadLetter.SECRET)) {
                headers.add(header);
            }
        }
        return headers;
    }
}

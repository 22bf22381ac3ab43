package io.celeriac.results.materializer;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.result.TaskState;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the tasks of all queues, to make those that are accepted visible before they run.
 *
 * <pre>
 * in     tasks of all queues   whatever the producers wrote
 * out    PENDING, revision 0, with arguments only where it is known which of them are secret: else they come with the worker's
 *        first result
 * skips  tasks with ignoreResult, whose row nothing would ever take out of PENDING; records as old as results may become, whose
 *        task has ended and been forgotten
 * fails  what is unreadable: the worker sets it aside
 * </pre>
 */
final class PendingRecordReader implements RecordReader {

    private final Topics topics;
    private final HandlerRedactions known;
    private final RedactionRules rules;
    private final InstantSource clock;
    private final Duration oldest;

    /**
     * @param oldest a task that was submitted longer ago has no row any more, unless its eta is yet to come
     */
    PendingRecordReader(
            Topics topics, HandlerRedactions known, RedactionRules rules, InstantSource clock, Duration oldest) {
        this.topics = topics;
        this.known = known;
        this.rules = rules;
        this.clock = clock;
        this.oldest = oldest;
    }

    @Override
    public Optional<ResultChange> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        var task = TaskJson.task(record.value());
        return task.ignoreResult() || isForgotten(task, record) ? Optional.empty() : Optional.of(pending(task, record));
    }

    /** Without values of the record: nobody may know yet which of them are secret. */
    @Override
    public String reason(ConsumerRecord<byte[], byte[]> record, Throwable error) {
        return DeadLetters.withoutValues(error);
    }

    private boolean isForgotten(Task task, ConsumerRecord<byte[], byte[]> record) {
        var now = clock.instant();
        return Instant.ofEpochMilli(record.timestamp()).isBefore(now.minus(oldest))
                && (task.eta() == null || task.eta().isBefore(now));
    }

    private ResultChange pending(Task task, ConsumerRecord<byte[], byte[]> record) {
        var at = Instant.ofEpochMilli(record.timestamp());
        var identified = task.id() != null
                ? task
                : task.toBuilder()
                        .id(TaskIds.ofRecord(record.topic(), record.partition(), record.offset()))
                        .build();
        var queue = record.topic().substring(topics.tasksPrefix().length());
        var result = TaskResult.of(identified, queue, TaskState.PENDING)
                .revision(0)
                .at(record.partition(), record.offset())
                .submittedAt(identified.submittedAt() == null ? at : identified.submittedAt())
                .build();
        return new ResultChange(redacted(result, DeadLetter.isSecret(record.headers())), at);
    }

    private TaskResult redacted(TaskResult result, boolean secret) {
        return known.redaction(result.task())
                .map(redaction -> secret ? redaction.and(Redaction.ARGUMENTS) : redaction)
                .map(redaction -> rules.redact(redaction.redact(result)))
                .orElseGet(result::withoutArguments);
    }
}

package io.celeriac.results.materializer;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the tasks of all queues, to make accepted tasks visible before they run.
 *
 * <pre>
 * in     tasks of all queues   whatever the producers wrote
 * out    PENDING, revision 0. It has arguments only if it is known which of them are secret; otherwise they come with the
 *        worker's first result
 * skips  tasks with ignoreResult, whose row would stay PENDING for ever; records older than results are kept, whose task has
 *        ended and been deleted
 * fails  on an unreadable record: the worker sets it aside
 * </pre>
 */
final class PendingRecordReader implements RecordReader<ResultChange> {

    private final Topics topics;
    private final HandlerRedactions known;
    private final RedactionRules rules;
    private final InstantSource clock;
    private final Duration oldest;

    /**
     * @param oldest age of a record from which its task gets no row, unless its eta lies ahead
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

    /** Quotes no values of the record: it may not be known yet which of them are secret. */
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

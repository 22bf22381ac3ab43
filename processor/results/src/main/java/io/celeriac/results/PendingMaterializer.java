package io.celeriac.results;

import io.celeriac.contract.DeadLetter;
import io.celeriac.contract.InvalidTaskException;
import io.celeriac.contract.Redaction;
import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.Task;
import io.celeriac.contract.TaskIds;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.TaskResult;
import io.celeriac.contract.TaskState;
import io.celeriac.contract.topic.Topics;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchMessageListener;

/**
 * Makes accepted tasks visible before they run.
 *
 * <pre>
 * in     tasks of all queues    whatever the producers wrote
 * out    task_result            PENDING, revision 0, where there is no row of the task yet; with arguments only where it
 *                               is known which of them are secret: else they come with the worker's first result
 * skips  what is unreadable: that is the worker's to report; tasks with ignoreResult, whose row nothing would ever
 *        take out of PENDING; rows that the database refuses: the worker runs the task all the same
 * fails  database away: throws, and the container tries the same poll again until it is back
 * </pre>
 */
final class PendingMaterializer implements BatchMessageListener<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(PendingMaterializer.class);

    private final MaterializedResultRepository repository;
    private final Topics topics;
    private final KnownTasks known;
    private final RedactionRules rules;

    PendingMaterializer(
            MaterializedResultRepository repository, Topics topics, KnownTasks known, RedactionRules rules) {
        this.repository = repository;
        this.topics = topics;
        this.known = known;
        this.rules = rules;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> records) {
        add(records.stream().map(this::pending).flatMap(Optional::stream).toList());
    }

    private void add(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        try {
            repository.addPending(changes);
        } catch (RefusedRowException e) {
            if (changes.size() == 1) {
                LOG.warn(
                        "no row for the accepted task {}: {}",
                        changes.get(0).result().id(),
                        e.getMessage());
                return;
            }
            var middle = changes.size() / 2;
            add(changes.subList(0, middle));
            add(changes.subList(middle, changes.size()));
        }
    }

    private Optional<Change> pending(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            var task = TaskJson.task(record.value());
            return task.ignoreResult() ? Optional.empty() : Optional.of(pending(task, record));
        } catch (InvalidTaskException e) {
            LOG.debug("skipped {}/{}/{}: {}", record.topic(), record.partition(), record.offset(), e.withoutValues());
            return Optional.empty();
        }
    }

    private Change pending(Task task, ConsumerRecord<byte[], byte[]> record) {
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
        return new Change(redacted(result, DeadLetter.isSecret(record.headers())), at);
    }

    private TaskResult redacted(TaskResult result, boolean secret) {
        return known.redaction(result.task())
                .map(redaction -> secret ? redaction.and(Redaction.ARGUMENTS) : redaction)
                .map(redaction -> rules.redact(redaction.redact(result)))
                .orElseGet(result::withoutArguments);
    }
}

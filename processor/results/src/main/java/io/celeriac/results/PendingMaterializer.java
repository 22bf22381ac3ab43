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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes accepted tasks visible before they run.
 *
 * <pre>
 * in     tasks of all queues    whatever the producers wrote
 * out    task_result            PENDING, revision 0, where there is no row of the task yet; with arguments only where it
 *                               is known which of them are secret: else they come with the worker's first result
 *        task_label, materialized_offset
 * skips  what is unreadable: that is the worker's to report; tasks with ignoreResult, whose row nothing would ever
 *        take out of PENDING; rows that the database refuses: the worker runs the task all the same; records as old as
 *        results may become, whose task has ended and been forgotten
 * fails  database away: throws, and the same poll is tried again until it is back
 * </pre>
 */
final class PendingMaterializer implements PollListener.Writer {

    private static final Logger LOG = LoggerFactory.getLogger(PendingMaterializer.class);

    private final MaterializedResultRepository repository;
    private final Topics topics;
    private final KnownTasks known;
    private final RedactionRules rules;
    private final InstantSource clock;
    private final Duration oldest;

    /**
     * @param oldest a task that was submitted longer ago has no row any more, unless its eta is yet to come
     */
    PendingMaterializer(
            MaterializedResultRepository repository,
            Topics topics,
            KnownTasks known,
            RedactionRules rules,
            InstantSource clock,
            Duration oldest) {
        this.repository = repository;
        this.topics = topics;
        this.known = known;
        this.rules = rules;
        this.clock = clock;
        this.oldest = oldest;
    }

    @Override
    public void write(List<ConsumerRecord<byte[], byte[]>> records, List<Advance> advances) {
        var changes =
                records.stream().map(this::pending).flatMap(Optional::stream).toList();
        try {
            repository.addPending(changes, advances);
        } catch (RefusedRowException e) {
            addWithoutRefused(changes, e);
            repository.addPending(List.of(), advances);
        }
    }

    private void addWithoutRefused(List<Change> changes, RefusedRowException refusal) {
        if (changes.size() == 1) {
            LOG.warn(
                    "no row for the accepted task {}: {}",
                    changes.get(0).result().id(),
                    refusal.getMessage());
            return;
        }
        var middle = changes.size() / 2;
        for (var half : List.of(changes.subList(0, middle), changes.subList(middle, changes.size()))) {
            try {
                repository.addPending(half, List.of());
            } catch (RefusedRowException e) {
                addWithoutRefused(half, e);
            }
        }
    }

    private Optional<Change> pending(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        try {
            var task = TaskJson.task(record.value());
            return task.ignoreResult() || isForgotten(task, record)
                    ? Optional.empty()
                    : Optional.of(pending(task, record));
        } catch (InvalidTaskException e) {
            LOG.debug("skipped {}/{}/{}: {}", record.topic(), record.partition(), record.offset(), e.withoutValues());
            return Optional.empty();
        }
    }

    private boolean isForgotten(Task task, ConsumerRecord<byte[], byte[]> record) {
        var now = clock.instant();
        return Instant.ofEpochMilli(record.timestamp()).isBefore(now.minus(oldest))
                && (task.eta() == null || task.eta().isBefore(now));
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

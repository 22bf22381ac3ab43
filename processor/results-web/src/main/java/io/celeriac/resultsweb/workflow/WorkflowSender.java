package io.celeriac.resultsweb.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.client.SubmitException;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Writes workflows and what follows for them to the workflows' topic. The key is the workflow's id, so they stay in order. */
final class WorkflowSender implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final int most;

    /**
     * @param producer with {@code acks=all}; closed with this
     * @param maxRequestBytes of the producer and of the coordinator's, which sets a larger record aside
     */
    WorkflowSender(Producer<byte[], byte[]> producer, Topics topics, int maxRequestBytes) {
        this.producer = producer;
        this.topics = topics;
        this.most = Limits.taskBytes(maxRequestBytes - Limits.REQUEST_OVERHEAD);
    }

    /**
     * Sends a record.
     *
     * @param field of the request that makes a record large
     * @return completes when the broker has it on all in-sync replicas
     * @throws ProblemException 413 when it is larger than a record may be
     */
    CompletableFuture<Void> send(WorkflowRecord record, String field) {
        var key = record.id().getBytes(UTF_8);
        var value = TaskJson.bytes(record);
        if (Limits.size(key, value, List.of()) > most) {
            throw ProblemException.tooLarge(
                    field,
                    "makes a record of " + value.length + " bytes, but a record may have " + most
                            + ": make the group open, and send its further members with append, some at a time");
        }
        var taken = new CompletableFuture<Void>();
        try {
            producer.send(new ProducerRecord<>(topics.workflows(), key, value), (metadata, error) -> {
                if (error == null) {
                    taken.complete(null);
                } else {
                    taken.completeExceptionally(refused(record, error));
                }
            });
        } catch (KafkaException e) { // no metadata in time, or the record is too large
            taken.completeExceptionally(refused(record, e));
        }
        return taken;
    }

    private static RuntimeException refused(WorkflowRecord record, Exception error) {
        return error instanceof RecordTooLargeException
                ? ProblemException.tooLarge("body", "is larger than the broker takes; send further members with append")
                : new SubmitException("workflow " + record.id() + " was not taken: " + error.getMessage(), error);
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}

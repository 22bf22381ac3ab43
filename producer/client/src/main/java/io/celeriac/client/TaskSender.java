package io.celeriac.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.uuid.Generators;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Sends tasks that are complete, each to a queue: what {@link TaskClient} and Celeriac's own programs use. Each send completes with a {@link Receipt} as soon as the broker has the task on all in-sync replicas; the
 * task runs when a worker takes it. Safe for use by several threads; one client per process is enough.
 *
 * <p>A send fails with {@link SubmitException}, or with {@link InvalidTaskException} when the task breaks the contract; then
 * it does not help to send it again.
 */
public final class TaskSender {

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final TraceHeaders trace;
    private final int maxTaskBytes;

    /**
     * A client that gives tasks without id a UUIDv7.
     *
     * @param producer with {@code acks=all}; not closed by this class
     */
    public TaskSender(Producer<byte[], byte[]> producer, Topics topics, InstantSource clock) {
        this(producer, topics, clock, version7());
    }

    /**
     * @param ids creates the id of a task that has none
     */
    public TaskSender(Producer<byte[], byte[]> producer, Topics topics, InstantSource clock, Supplier<String> ids) {
        this(producer, topics, clock, ids, TraceHeaders.NONE, Limits.TASK_BYTES);
    }

    private TaskSender(
            Producer<byte[], byte[]> producer,
            Topics topics,
            InstantSource clock,
            Supplier<String> ids,
            TraceHeaders trace,
            int maxTaskBytes) {
        this.producer = producer;
        this.topics = topics;
        this.clock = clock;
        this.ids = ids;
        this.trace = trace;
        if (maxTaskBytes < 1) {
            throw new IllegalArgumentException("max.request.size leaves no room for a task: a request needs "
                    + (Limits.KEPT_BESIDE + Limits.REQUEST_OVERHEAD) + " bytes beside it");
        }
        this.maxTaskBytes = maxTaskBytes;
    }

    /** The same client, whose tasks continue the trace of their sender. */
    public TaskSender continuing(TraceHeaders newTrace) {
        return new TaskSender(producer, topics, clock, ids, newTrace, maxTaskBytes);
    }

    /**
     * The same client for another {@code max.request.size} of producers and workers than Kafka's default. It refuses a task that such a
     * worker would set aside as too large.
     */
    public TaskSender withRequestsUpTo(int maxRequestBytes) {
        return new TaskSender(
                producer, topics, clock, ids, trace, Limits.taskBytes(maxRequestBytes - Limits.REQUEST_OVERHEAD));
    }

    private static Supplier<String> version7() {
        var generator = Generators.timeBasedEpochGenerator(); // ids of one process also sort in the order of its calls
        return () -> generator.generate().toString();
    }

    /**
     * Sends a task to a queue.
     *
     * @return completes on the producer's own thread, so dependent stages must not block
     */
    public CompletableFuture<Receipt> sendTo(String queue, Task task) {
        return send(prepared(queue, task));
    }

    /**
     * Prepares a task for {@link #send(Prepared)}, in a record with a key and headers of its own.
     *
     * @param key of the record, which selects its partition
     * @param headers of the record, before those of the trace
     * @throws InvalidTaskException when the task breaks the contract
     */
    public Prepared prepared(String queue, Task task, byte[] key, Collection<? extends Header> headers) {
        var stamped = stamped(task);
        return new Prepared(queue, stamped, recordFor(queue, stamped, key, headers));
    }

    /**
     * Sends a task that was prepared.
     *
     * @return as {@link #sendTo}
     */
    public CompletableFuture<Receipt> send(Prepared prepared) {
        var stamped = prepared.task;
        var queue = prepared.queue;
        var receipt = new CompletableFuture<Receipt>();
        try {
            producer.send(prepared.record, (metadata, error) -> {
                if (error == null) {
                    receipt.complete(new Receipt(idOf(stamped), queue, metadata.partition(), metadata.offset()));
                } else {
                    receipt.completeExceptionally(refused(stamped, queue, error));
                }
            });
        } catch (KafkaException e) { // no metadata in time, or the record is too large
            receipt.completeExceptionally(refused(stamped, queue, e));
        }
        return receipt;
    }

    /**
     * Sends many tasks to a queue. The producer batches them, so many tasks take one round trip.
     *
     * @return the receipts in the order of the tasks. It fails as a whole when one task fails; others may have been taken, so
     *     send all again with the same ids
     * @throws InvalidTaskException when a task breaks the contract; then none is sent
     */
    public CompletableFuture<List<Receipt>> sendAllTo(String queue, Collection<Task> tasks) {
        var prepared = tasks.stream().map(task -> prepared(queue, task)).toList();
        var receipts = prepared.stream().map(this::send).toList();
        return CompletableFuture.allOf(receipts.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> receipts.stream().map(CompletableFuture::join).toList());
    }

    /**
     * Revokes a task. A task that has not started will not run, even if it has not reached a worker yet.
     *
     * @param terminate true: a running attempt is interrupted; false: it may finish
     * @return completes when the broker has the command; workers act on it a moment later
     */
    public CompletableFuture<Void> revoke(String id, boolean terminate) {
        var command = Command.revoke(id, terminate, clock.instant().truncatedTo(ChronoUnit.MICROS));
        var taken = new CompletableFuture<Void>();
        try {
            producer.send(
                    new ProducerRecord<>(topics.control(), id.getBytes(UTF_8), TaskJson.bytes(command)),
                    (metadata, error) -> {
                        if (error == null) {
                            taken.complete(null);
                        } else {
                            taken.completeExceptionally(notOrdered(id, error));
                        }
                    });
        } catch (KafkaException e) {
            taken.completeExceptionally(notOrdered(id, e));
        }
        return taken;
    }

    private static SubmitException notOrdered(String id, Exception error) {
        return new SubmitException("the command to revoke task " + id + " was not taken: " + error.getMessage(), error);
    }

    /** An id for a new task. */
    public String newId() {
        return ids.get();
    }

    /** W3C headers of the caller's trace, for records that go with tasks. */
    public Map<String, String> traceHeaders() {
        return trace.current();
    }

    /** The task with an id and a time of submission; both are added if they are missing. */
    public Task stamped(Task task) {
        if (task.id() != null && task.submittedAt() != null) {
            return task;
        }
        var builder = task.toBuilder();
        if (task.id() == null) {
            builder.id(ids.get());
        }
        if (task.submittedAt() == null) {
            builder.submittedAt(clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
        return builder.build();
    }

    /** The time that countdowns are counted from. */
    Instant now() {
        return clock.instant();
    }

    /** Prepares a task with further headers. */
    Prepared prepared(String queue, Task task, Map<String, String> headers) {
        if (headers.isEmpty()) {
            return prepared(queue, task);
        }
        var own = headers.entrySet().stream()
                .map(header ->
                        new RecordHeader(header.getKey(), header.getValue().getBytes(UTF_8)))
                .toList();
        return prepared(queue, task, task.partitionKey().getBytes(UTF_8), own);
    }

    /** A task that was checked, and its record. */
    public static final class Prepared {
        private final String queue;
        private final Task task;
        private final ProducerRecord<byte[], byte[]> record;

        /** The record, for a way to the broker other than this sender. */
        public ProducerRecord<byte[], byte[]> record() {
            return record;
        }

        /** The task, with its id. */
        public Task task() {
            return task;
        }

        private Prepared(String queue, Task task, ProducerRecord<byte[], byte[]> record) {
            this.queue = queue;
            this.task = task;
            this.record = record;
        }
    }

    private Prepared prepared(String queue, Task task) {
        var stamped = stamped(task);
        return new Prepared(queue, stamped, recordFor(queue, stamped));
    }

    /**
     * The record of a task, for callers that send it in a transaction of their own.
     *
     * @param task {@link #stamped}
     * @throws InvalidTaskException when it is larger than a worker can keep
     */
    public ProducerRecord<byte[], byte[]> recordFor(String queue, Task task) {
        return recordFor(queue, task, task.partitionKey().getBytes(UTF_8), List.of());
    }

    private ProducerRecord<byte[], byte[]> recordFor(
            String queue, Task task, byte[] key, Collection<? extends Header> headers) {
        var record = new ProducerRecord<>(topics.tasks(queue), null, key, TaskJson.bytes(task), List.copyOf(headers));
        trace.current().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        var size = Limits.size(key, record.value(), List.of(record.headers().toArray()));
        if (size > maxTaskBytes) {
            throw new InvalidTaskException(
                    "", "has " + size + " bytes, but a task may have " + maxTaskBytes + " (by max.request.size)");
        }
        return record;
    }

    private static String idOf(Task task) {
        return String.valueOf(task.id());
    }

    private static SubmitException refused(Task task, String queue, Exception error) {
        return new SubmitException(
                "task " + task.id() + " (" + task.task() + ") was not taken by queue " + queue + ": "
                        + error.getMessage(),
                error);
    }
}

package io.celeriac.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.TopicProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The topics of one measurement: a namespace that nobody else has, gone when it is closed. */
public final class Installation implements AutoCloseable {

    private static final int PRELOAD_BATCH = 1 << 18;

    private final Harness harness;
    private final TopicProperties settings;
    private final int partitions;

    Installation(Harness harness, String namespace, int partitions) {
        this.harness = harness;
        this.partitions = partitions;
        settings = new TopicProperties(namespace, partitions, null);
        Patience.await("the topics of " + namespace + " are there", Duration.ofMinutes(1), this::isProvisioned);
    }

    /**
     * A broker that is busy with the topics deleted just before may not know new ones as soon as it has created them; and a
     * producer that meets a partition without leader has been seen to get stuck until its delivery times out.
     */
    private boolean isProvisioned() {
        return areProvisioned(List.of(TaskRules.DEFAULT_QUEUE));
    }

    /** Adds topics of other queues. */
    public void addQueues(List<String> queues) {
        if (!queues.isEmpty()) {
            Patience.await(
                    "the topics of " + queues + " are there", Duration.ofMinutes(1), () -> areProvisioned(queues));
        }
    }

    private boolean areProvisioned(List<String> queues) {
        try {
            settings.provision(harness.admin(), queues);
            ends(List.of(tasksTopic(), resultsTopic())); // only leaders answer
            return true;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    public String namespace() {
        return settings.topics().namespace();
    }

    public String resultsTopic() {
        return settings.topics().results();
    }

    public String tasksTopic() {
        return settings.topics().tasks(TaskRules.DEFAULT_QUEUE);
    }

    /** From now on the broker stamps each task with the time at which it took it, in place of the sender's. */
    public Installation stampTasksOnArrival() {
        var stamp =
                new AlterConfigOp(new ConfigEntry("message.timestamp.type", "LogAppendTime"), AlterConfigOp.OpType.SET);
        answer(harness.admin()
                .incrementalAlterConfigs(
                        Map.of(new ConfigResource(ConfigResource.Type.TOPIC, tasksTopic()), List.of(stamp)))
                .all());
        return this;
    }

    /** All tasks that there are by now, in the order of their partitions. */
    public void eachTask(Consumer<ConsumerRecord<byte[], byte[]>> task) {
        var ends = ends(tasksTopic());
        try (var reader = new TopicReader(harness.bootstrapServers(), ends)) {
            reader.each(task);
        }
    }

    private Map<TopicPartition, Long> ends(String topic) {
        return IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toMap(partition -> partition, partition -> ends(Set.of(partition))));
    }

    /** What a program gets to know of it, before arguments of its own. */
    public List<String> arguments(String... more) {
        return Stream.concat(Stream.of(harness.bootstrapServers(), namespace()), Stream.of(more))
                .toList();
    }

    /**
     * Sends a number of tasks as fast as it can, and waits until the broker has them.
     *
     * @return how many bytes of JSON they were
     */
    public long preload(int tasks, IntFunction<Task> task) {
        return preload(tasks, task, number -> null);
    }

    /** As {@link #preload(int, IntFunction)}, each partition the same number of them. */
    public void preloadEvenly(int tasks, IntFunction<Task> task) {
        preload(tasks, task, number -> number % partitions);
    }

    /**
     * As {@link #preload(int, IntFunction)}, for several queues.
     *
     * @param queue of each task, by its number
     */
    public void preloadQueues(int tasks, IntFunction<Task> task, IntFunction<String> queue) {
        sendAll(tasks, number -> {
            var each = task.apply(number);
            return new ProducerRecord<>(settings.topics().tasks(queue.apply(number)), key(each), TaskJson.bytes(each));
        });
    }

    private long preload(int tasks, IntFunction<Task> task, IntFunction<@Nullable Integer> partition) {
        return sendAll(tasks, number -> {
            var each = task.apply(number);
            return new ProducerRecord<>(tasksTopic(), partition.apply(number), key(each), TaskJson.bytes(each));
        });
    }

    /**
     * Sends results as a worker would have written them, and waits until the broker has them.
     *
     * @return how many bytes of JSON they were
     */
    public long preloadResults(int results, IntFunction<TaskResult> result) {
        return sendAll(results, number -> record(result.apply(number)));
    }

    private long sendAll(int records, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        var bytes = 0L;
        var failure = new AtomicReference<@Nullable Exception>();
        try (var producer = producer(20, PRELOAD_BATCH)) {
            for (int i = 0; i < records; i++) {
                var each = record.apply(i);
                bytes += each.value().length;
                producer.send(each, (metadata, error) -> failure.compareAndSet(null, error));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("not all records could be sent", failure.get());
        }
        return bytes;
    }

    /** The tasks that there are by now, of all queues. */
    public long taskRecords() {
        return ends(topics().stream()
                .filter(topic -> topic.startsWith(settings.topics().tasksPrefix()))
                .toList());
    }

    /** A producer that waits for nothing. */
    public KafkaProducer<byte[], byte[]> promptProducer() {
        return producer(0, 1 << 14);
    }

    /** Sends one task, and does not wait. */
    public void send(KafkaProducer<byte[], byte[]> producer, Task task) {
        producer.send(new ProducerRecord<>(tasksTopic(), key(task), TaskJson.bytes(task)));
    }

    /** Sends one result, and does not wait. */
    public void send(KafkaProducer<byte[], byte[]> producer, TaskResult result) {
        producer.send(record(result));
    }

    /** Sends what a worker says of itself, and does not wait. */
    public void send(KafkaProducer<byte[], byte[]> producer, Heartbeat heartbeat) {
        var topic = settings.topics().workers();
        producer.send(new ProducerRecord<>(topic, heartbeat.id().getBytes(UTF_8), TaskJson.bytes(heartbeat)));
    }

    private ProducerRecord<byte[], byte[]> record(TaskResult result) {
        return new ProducerRecord<>(resultsTopic(), result.id().getBytes(UTF_8), TaskJson.bytes(result));
    }

    /** The side that reads its results, from the first. */
    public ResultReader results() {
        return new ResultReader(harness.bootstrapServers(), resultsTopic());
    }

    /**
     * Asks the worker something by a task, and waits for the result.
     *
     * @return what the handler returned
     */
    public JsonNode call(String task, Program worker) {
        var id = "call-" + harness.number();
        try (var producer = promptProducer();
                var results = results()) {
            send(producer, Task.named(task).id(id).build());
            var result = TaskJson.result(results.awaitKey(id, worker).value());
            return Objects.requireNonNull(result.result(), () -> "a result that has none: " + result);
        }
    }

    public static byte[] key(Task task) {
        return task.partitionKey().getBytes(UTF_8);
    }

    private KafkaProducer<byte[], byte[]> producer(int lingerMillis, int batch) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        harness.bootstrapServers(),
                        ProducerConfig.LINGER_MS_CONFIG,
                        lingerMillis,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        batch),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** How far the changelogs of this installation's applications go; 0 where there are none. */
    public long changelogRecords() {
        return ends(
                topics().stream().filter(topic -> topic.endsWith("-changelog")).toList());
    }

    /** How many results there are, repeated ones too; markers of transactions count as well. */
    public long resultRecords() {
        return ends(List.of(resultsTopic()));
    }

    private long ends(List<String> topics) {
        return ends(topics.stream()
                .flatMap(topic -> IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(topic, i)))
                .collect(Collectors.toSet()));
    }

    private long ends(Set<TopicPartition> topicPartitions) {
        var ends = topicPartitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return answer(harness.admin().listOffsets(ends).all()).values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /** What the broker's disk has of all topics, those of workers and coordinators included. */
    public long bytes() {
        var broker = answer(harness.admin().describeCluster().nodes())
                .iterator()
                .next()
                .id();
        return answer(harness.admin().describeLogDirs(List.of(broker)).allDescriptions()).values().stream()
                .flatMap(directories -> directories.values().stream())
                .flatMap(directory -> directory.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().startsWith(namespace() + "."))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    /** How many tasks the worker has taken on: what it has committed. */
    public long committed() {
        var offsets =
                answer(harness.admin().listConsumerGroupOffsets(workerGroup()).partitionsToOffsetAndMetadata());
        return offsets.values().stream().mapToLong(OffsetAndMetadata::offset).sum();
    }

    /** Waits until the broker has noticed that the worker is dead, so that its successor does not wait for that. */
    public void awaitNoWorker() {
        Patience.await("the broker forgets the worker that was killed", Duration.ofMinutes(2), () -> {
            var groups = answer(harness.admin()
                    .describeConsumerGroups(List.of(workerGroup()))
                    .all());
            return groups.values().stream().allMatch(group -> group.members().isEmpty());
        });
    }

    private String workerGroup() {
        return namespace() + ".worker." + TaskRules.DEFAULT_QUEUE;
    }

    private List<String> topics() {
        return answer(harness.admin().listTopics().names()).stream()
                .filter(topic -> topic.startsWith(namespace() + "."))
                .toList();
    }

    /** Deletes the topics, so that the broker of a long run does not carry those of all measurements. */
    @Override
    public void close() {
        answer(harness.admin().deleteTopics(topics()).all());
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refuses: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

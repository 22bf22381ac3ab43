package io.celeriac.engine.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A namespace of its own on a real broker, from the side of those who send tasks and read results. */
final class TestQueue implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    private final String bootstrapServers;
    private final TopicProperties settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TaskResult> results = new ArrayList<>();
    private final List<ConsumerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();

    TestQueue(String bootstrapServers, String namespace, int partitions) {
        this.bootstrapServers = bootstrapServers;
        settings = new TopicProperties(namespace, partitions, null);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            settings.provision(admin, List.of("default"));
        }
        producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.ACKS_CONFIG, "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var all = Stream.of(topics().results(), topics().deadLetters())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Lets a queue have more partitions. */
    void grow(int partitions) {
        with(admin -> admin.createPartitions(Map.of(topics().tasks("default"), NewPartitions.increaseTo(partitions)))
                .all());
    }

    /** Deletes the records of a partition before an offset, as a time limit would. */
    void deleteBefore(int partition, long offset) {
        var where = new TopicPartition(topics().tasks("default"), partition);
        with(admin -> admin.deleteRecords(Map.of(where, RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    <T> T with(Function<Admin, KafkaFuture<T>> question) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            return question.apply(admin).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("no answer", e);
        }
    }

    TopicProperties settings() {
        return settings;
    }

    Topics topics() {
        return settings.topics();
    }

    Future<RecordMetadata> submit(Task task) {
        return producer.send(new ProducerRecord<>(
                topics().tasks("default"), task.partitionKey().getBytes(UTF_8), TaskJson.bytes(task)));
    }

    void revoke(String id) {
        var command = Command.revoke(id, false, Instant.now());
        producer.send(new ProducerRecord<>(topics().control(), id.getBytes(UTF_8), TaskJson.bytes(command)));
    }

    /** Puts a live setting in force, or takes it back. */
    void set(LiveSetting setting) {
        control(topics().settings(), setting.key(), setting);
    }

    /** Ends what is in the queue now. */
    void purge(String id) {
        var topic = topics().tasks("default");
        var ends = with(admin -> admin.listOffsets(consumer.partitionsFor(topic).stream()
                        .collect(Collectors.toMap(
                                info -> new TopicPartition(topic, info.partition()), info -> OffsetSpec.latest())))
                .all());
        var topicId = with(admin -> admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .topicId()
                .toString();
        var fences = ends.entrySet().stream()
                .collect(Collectors.toMap(
                        end -> end.getKey().partition(), end -> end.getValue().offset()));
        var command = new PurgeCommand(id, "default", topicId, fences, "test", Instant.now());
        control(topics().control(), command.key(), command);
    }

    /** Tells a worker to do something. */
    void tell(WorkerCommand.Kind what, String worker, String id) {
        var now = Instant.now();
        var command = new WorkerCommand(what, id, worker, "test", now, now.plusSeconds(60));
        control(topics().control(), command.key(), command);
    }

    private void control(String topic, String key, Object value) {
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), TaskJson.bytes(value)));
        producer.flush();
    }

    /** The last heartbeat of each worker. */
    Map<String, Heartbeat> heartbeats() {
        var topic = new TopicPartition(topics().workers(), 0);
        try (var reader = new KafkaConsumer<>(
                Map.<String, Object>of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            reader.assign(List.of(topic));
            reader.seekToBeginning(List.of(topic));
            var end = reader.endOffsets(List.of(topic)).get(topic);
            var last = new HashMap<String, Heartbeat>();
            while (reader.position(topic) < end) {
                reader.poll(POLL).forEach(record -> {
                    var heartbeat = TaskJson.heartbeat(record.value());
                    last.put(heartbeat.id(), heartbeat);
                });
            }
            return last;
        }
    }

    /** To a partition of choice, with any key, value and headers at all; returns when the broker has it. */
    RecordMetadata send(int partition, byte[] key, byte[] value, Header... headers) {
        try {
            return producer.send(
                            new ProducerRecord<>(topics().tasks("default"), partition, key, value, List.of(headers)))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("not sent", e);
        }
    }

    void flush() {
        producer.flush();
    }

    /** Lets no larger record into the results topic. */
    void limitResults(int bytes) throws Exception {
        limit(topics().results(), bytes);
    }

    /** Lets no larger record into a topic. */
    void limit(String topic, int bytes) throws Exception {
        var limited = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var limit = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(bytes));
        var change = new AlterConfigOp(limit, AlterConfigOp.OpType.SET);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.incrementalAlterConfigs(Map.of(limited, List.of(change)))
                    .all()
                    .get();
        }
    }

    /** How large a record a topic takes. */
    int limitOf(String topic) throws Exception {
        var limited = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var config = admin.describeConfigs(List.of(limited)).all().get().get(limited);
            return Integer.parseInt(
                    config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        }
    }

    /** All results published so far, in the order of their partitions. */
    List<TaskResult> results() {
        poll();
        return List.copyOf(results);
    }

    /** All dead letters so far. */
    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        poll();
        return List.copyOf(deadLetters);
    }

    /** Takes all that is there, and waits a moment for more. */
    private void poll() {
        var patience = POLL;
        while (take(patience)) {
            patience = Duration.ZERO;
        }
    }

    private boolean take(Duration patience) {
        var records = consumer.poll(patience);
        for (var record : records) {
            if (record.topic().equals(topics().results())) {
                results.add(TaskJson.result(record.value()));
            } else {
                deadLetters.add(record);
            }
        }
        return !records.isEmpty();
    }

    /** The last state of each task. */
    Map<String, TaskResult> states() {
        var states = new HashMap<String, TaskResult>();
        results().forEach(result -> states.put(result.id(), result));
        return states;
    }

    /** How many final results each task has. */
    Map<String, Long> outcomes() {
        return results().stream()
                .filter(result -> result.state().isFinal())
                .collect(Collectors.groupingBy(TaskResult::id, Collectors.counting()));
    }

    Map<String, TaskResult> awaitStates(String what, Predicate<Map<String, TaskResult>> condition) {
        await(what).atMost(PATIENCE).pollDelay(Duration.ZERO).until(this::states, condition);
        return states();
    }

    Map<String, TaskResult> awaitFinal(int tasks) {
        return awaitStates(
                tasks + " final results",
                states -> states.values().stream()
                                .filter(result -> result.state().isFinal())
                                .count()
                        >= tasks);
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}

package io.celeriac.engine.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.Task;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.TaskResult;
import io.celeriac.contract.topic.TopicSettings;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A namespace of its own on a real broker, from the side of those who send tasks and read results. */
final class TestQueue implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TopicSettings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    TestQueue(String bootstrapServers, String namespace, int partitions) {
        settings = new TopicSettings(namespace, partitions, null);
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
                new StringDeserializer(),
                new ByteArrayDeserializer());
        var all = consumer.partitionsFor(topics().results()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    TopicSettings settings() {
        return settings;
    }

    Topics topics() {
        return settings.topics();
    }

    void submit(Task task) {
        producer.send(new ProducerRecord<>(
                topics().tasks("default"), task.partitionKey().getBytes(UTF_8), TaskJson.bytes(task)));
    }

    void flush() {
        producer.flush();
    }

    /** All results published so far, in the order of their partitions. */
    List<TaskResult> results() {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        return records.stream().map(record -> TaskJson.result(record.value())).toList();
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

package io.celeriac.beat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything that was emitted to a queue, as one who reads the topic sees it. For use by one thread. */
final class TaskLog implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String topic;
    private final List<Emitted> all = new ArrayList<>();

    TaskLog(String bootstrapServers, String topic) {
        this.topic = topic;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                        200),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * @param timestamp of the record, in milliseconds of the epoch
     */
    record Emitted(Task task, long timestamp) {}

    /** What there is by now. */
    List<Emitted> read() {
        if (consumer.assignment().isEmpty()) {
            assign();
        }
        if (!consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ofMillis(50))
                    .forEach(record -> all.add(new Emitted(TaskJson.task(record.value()), record.timestamp())));
        }
        return List.copyOf(all);
    }

    private void assign() {
        var partitions = consumer.listTopics().getOrDefault(topic, List.of()).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The tasks that one schedule emitted. */
    List<Emitted> of(String schedule) {
        return read().stream()
                .filter(emitted -> {
                    var firing = emitted.task.schedule();
                    return firing != null && firing.name().equals(schedule);
                })
                .toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}

package io.celeriac.bench.subject;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Consume, parse, produce, as one would write it by hand: at least once, and nothing else. No retries, no delays, no
 * revocation, and a slow task holds its partition up. What the engine is compared with. Arguments: bootstrap servers,
 * namespace.
 */
public final class BareLoopMain {

    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

    private BareLoopMain() {}

    public static void main(String[] args) {
        Parent.endWithIt();
        var topics = new Topics(args[1]);
        var task = new NoopTask("bare-loop", InstantSource.system());
        try (var consumer = consumer(args[0], topics.namespace());
                var producer = producer(args[0])) {
            consumer.subscribe(List.of(topics.tasks(TaskRules.DEFAULT_QUEUE)));
            System.out.println(Ready.MARKER);
            loop(consumer, producer, task, topics.results());
        }
    }

    private static void loop(
            KafkaConsumer<byte[], byte[]> consumer,
            KafkaProducer<byte[], byte[]> producer,
            NoopTask task,
            String results) {
        var committed = System.nanoTime();
        while (true) {
            for (var record : consumer.poll(Duration.ofMillis(100))) {
                var result = task.run(record.value(), record.partition(), record.offset());
                producer.send(new ProducerRecord<>(results, record.key(), result));
            }
            if (System.nanoTime() - committed >= COMMIT_INTERVAL.toNanos()) {
                producer.flush();
                consumer.commitSync();
                committed = System.nanoTime();
            }
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        SameAsEngine.MAX_POLL_RECORDS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        SameAsEngine.LINGER_MS,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        SameAsEngine.BATCH_SIZE),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}

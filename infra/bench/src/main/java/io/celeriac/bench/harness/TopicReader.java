package io.celeriac.bench.harness;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads partitions from their first record to a given end, after the measurement. For one thread. */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Map<TopicPartition, Long> ends;
    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicReader(String bootstrapServers, Map<TopicPartition, Long> ends) {
        this.ends = ends;
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        10_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(ends.keySet());
        consumer.seekToBeginning(ends.keySet());
    }

    /**
     * @throws IllegalStateException when nothing comes for a minute before the end
     */
    void each(Consumer<ConsumerRecord<byte[], byte[]>> record) {
        var progress = System.nanoTime();
        while (!isAtEnd()) {
            var batch = consumer.poll(POLL);
            batch.forEach(record);
            if (!batch.isEmpty()) {
                progress = System.nanoTime();
            } else if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                throw new IllegalStateException("nothing comes for " + PATIENCE.toSeconds() + " s, before " + ends);
            }
        }
    }

    private boolean isAtEnd() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}

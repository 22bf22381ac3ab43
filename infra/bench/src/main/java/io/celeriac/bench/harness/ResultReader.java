package io.celeriac.bench.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads a topic as others would who wait for results: only what is committed. Belongs to one thread. */
public final class ResultReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int MAX_POLL_RECORDS = 500; // few of many, or the first batch that is not counted is all
    private static final Duration QUIET = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KafkaConsumer<byte[], byte[]> consumer;

    ResultReader(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        MAX_POLL_RECORDS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        partitions.forEach(consumer::position);
    }

    /**
     * Reads until so many tasks have a result.
     *
     * @param arrivals to add to
     * @throws IllegalStateException when nothing more comes for a minute, with the end of the program's log
     */
    public Arrivals await(int tasks, Arrivals arrivals, Program program) {
        var progress = System.nanoTime();
        while (arrivals.distinct() < tasks) {
            var before = arrivals.distinct();
            arrivals.add(consumer.poll(POLL));
            if (arrivals.distinct() > before) {
                progress = System.nanoTime();
            }
            requireProgress(progress, arrivals.distinct() + " of " + tasks + " tasks have a result", program);
        }
        return arrivals;
    }

    /** Reads what is there beyond what was waited for: repeated results, or ones that should not be. */
    public void drain(Arrivals arrivals) {
        for (var batch = consumer.poll(QUIET); !batch.isEmpty(); batch = consumer.poll(QUIET)) {
            arrivals.add(batch);
        }
    }

    /**
     * Reads until a record with this key comes.
     *
     * @param program that is to write it; null where the harness has written it
     */
    public ConsumerRecord<byte[], byte[]> awaitKey(String key, @Nullable Program program) {
        var bytes = key.getBytes(UTF_8);
        var progress = System.nanoTime();
        while (true) {
            for (var record : consumer.poll(POLL)) {
                if (Arrays.equals(record.key(), bytes)) {
                    return record;
                }
            }
            requireProgress(progress, "no record has the key " + key, program);
        }
    }

    private static void requireProgress(long progress, String found, @Nullable Program program) {
        if (System.nanoTime() - progress > PATIENCE.toNanos()) {
            throw new IllegalStateException(found + ", and nothing comes for " + PATIENCE.toSeconds() + " s"
                    + (program == null ? "" : program.logTail()));
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}

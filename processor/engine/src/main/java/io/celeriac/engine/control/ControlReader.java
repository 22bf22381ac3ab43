package io.celeriac.engine.control;

import io.celeriac.contract.Command;
import io.celeriac.contract.InvalidTaskException;
import io.celeriac.contract.TaskJson;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic from its beginning and then goes on, on a thread of its own. Every worker reads all of it, without
 * a consumer group: an order is for all.
 */
public final class ControlReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final TopicPartition partition;
    private final RevokedTasks revoked;
    private final Consumer<Command> listener;
    private final InstantSource clock;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::read, "celeriac-control");
    private final CountDownLatch caughtUp = new CountDownLatch(1);

    /**
     * @param connection of the cluster
     * @param topic the control topic
     * @param revoked is filled
     * @param listener told of each command on the reader's thread, those from before the start included
     */
    public ControlReader(
            Map<String, Object> connection,
            String topic,
            RevokedTasks revoked,
            Consumer<Command> listener,
            InstantSource clock) {
        this.partition = new TopicPartition(topic, 0);
        this.revoked = revoked;
        this.listener = listener;
        this.clock = clock;
        this.consumer = consumer(connection);
        thread.setDaemon(true);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> connection) {
        var config = new HashMap<>(connection);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Starts, and waits until all that was ordered before is known, so that no revoked task slips through a start.
     *
     * @throws IllegalStateException when that takes longer than {@code patience}
     */
    public void start(Duration patience) throws InterruptedException {
        thread.start();
        if (!caughtUp.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("topic " + partition.topic() + " could not be read to its end within "
                    + patience.toSeconds() + " s");
        }
    }

    private void read() {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (true) {
                if (consumer.position(partition) >= end) {
                    caughtUp.countDown();
                }
                consumer.poll(POLL).forEach(this::obey);
                revoked.forgetOld(clock.instant());
            }
        } catch (WakeupException e) {
            LOG.debug("closed", e);
        }
    }

    private void obey(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return; // taken back
        }
        try {
            var command = TaskJson.command(record.value());
            switch (command.command()) {
                case REVOKE -> revoked.add(command.id(), Instant.ofEpochMilli(record.timestamp()));
            }
            listener.accept(command);
        } catch (InvalidTaskException e) {
            LOG.warn("record {}/{} is no command: {}", partition, record.offset(), e.getMessage());
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
    }
}

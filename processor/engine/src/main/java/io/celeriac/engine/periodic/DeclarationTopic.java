package io.celeriac.engine.periodic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.schedule.ScheduleDeclaration;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads and writes the declarations on the control topic. It is used a few times a day, so each use has a client of its own. Calls
 * block and throw {@link KafkaException} when the broker does not answer; it is then safe to try again.
 */
public final class DeclarationTopic {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int EMPTY_POLLS = 30;

    private final TopicPartition partition;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Supplier<Consumer<byte[], byte[]>> consumers;

    /**
     * @param topic the control topic
     * @param producers makes one, which is closed after its use
     * @param consumers makes one, which is closed after its use; it has no group and starts at the beginning where no position is known
     */
    public DeclarationTopic(
            String topic, Supplier<Producer<byte[], byte[]>> producers, Supplier<Consumer<byte[], byte[]>> consumers) {
        partition = new TopicPartition(topic, 0);
        this.producers = producers;
        this.consumers = consumers;
    }

    /** Publishes a declaration. Returns when the broker has it. */
    void publish(ScheduleDeclaration declaration) throws InterruptedException {
        var record = new ProducerRecord<>(partition.topic(), declaration.key().getBytes(UTF_8), declaration.bytes());
        var producer = producers.get();
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new KafkaException("the broker did not take the declaration: " + e.getCause(), e);
        } finally {
            producer.close(Duration.ZERO); // a send that has no answer by now has been given up
        }
    }

    /** The last declaration of the same source that the topic still has, as it was sent. */
    Optional<byte[]> last(ScheduleDeclaration ofSameSource) {
        var key = ofSameSource.key().getBytes(UTF_8);
        try (var consumer = consumers.get()) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            var last = Optional.<byte[]>empty();
            for (var empty = 0; consumer.position(partition) < end; ) {
                var records = consumer.poll(POLL);
                empty = records.isEmpty() ? empty + 1 : 0;
                if (empty > EMPTY_POLLS) {
                    throw new TimeoutException(partition + " could not be read to its end");
                }
                for (var record : records) {
                    if (Arrays.equals(record.key(), key)) {
                        last = Optional.ofNullable(record.value());
                    }
                }
            }
            return last;
        }
    }
}

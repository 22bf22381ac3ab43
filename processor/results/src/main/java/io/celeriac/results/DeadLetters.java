package io.celeriac.results;

import io.celeriac.contract.DeadLetter;
import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets a record aside, unchanged but for the headers that say why. */
final class DeadLetters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final RedactionRules rules;
    private final InstantSource clock;

    DeadLetters(Producer<byte[], byte[]> producer, Topics topics, RedactionRules rules, InstantSource clock) {
        this.producer = producer;
        this.topics = topics;
        this.rules = rules;
        this.clock = clock;
    }

    /**
     * Blocks until the broker has the record, so that its offset may be passed.
     *
     * @throws KafkaException when the broker does not take it: try again
     */
    void add(ConsumerRecord<byte[], byte[]> record, DeadLetter.Reason reason, String message) {
        LOG.warn("{}, set aside: {}/{}/{}: {}", reason, record.topic(), record.partition(), record.offset(), message);
        var letter =
                new ProducerRecord<>(topics.deadLetters(), null, null, record.key(), record.value(), record.headers());
        var secret = rules.concern(record.value());
        new DeadLetter(reason, message, record.topic(), record.partition(), record.offset(), clock.instant(), secret)
                .addTo(letter.headers());
        try {
            producer.send(letter).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("no dead letter could be written to " + topics.deadLetters(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + topics.deadLetters(), e);
        }
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}

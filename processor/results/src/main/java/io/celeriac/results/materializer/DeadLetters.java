package io.celeriac.results.materializer;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.rule.InvalidTaskException;
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
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets records aside as dead letters: unchanged, with headers that say why. */
final class DeadLetters implements SetAside.Place, AutoCloseable {

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
     * Blocks until the broker has the record, so that the consumer may move past its offset. A record that is too large for the broker
     * with its headers is only logged.
     *
     * @throws KafkaException when the broker is unavailable: try again
     */
    @Override
    public void add(ConsumerRecord<byte[], byte[]> record, DeadLetter.Reason reason, String message) {
        LOG.warn("{}, set aside: {}/{}/{}: {}", reason, record.topic(), record.partition(), record.offset(), message);
        var letter =
                new ProducerRecord<>(topics.deadLetters(), null, null, record.key(), record.value(), record.headers());
        var secret = mayBeSecret(rules, record.value());
        new DeadLetter(reason, message, record.topic(), record.partition(), record.offset(), clock.instant(), secret)
                .addTo(letter.headers());
        try {
            producer.send(letter).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException tooLarge) {
                LOG.error(
                        "no dead letter was written for {}/{}/{}: {}",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        tooLarge.getMessage());
                return;
            }
            throw new KafkaException("no dead letter could be written to " + topics.deadLetters(), e);
        } catch (TimeoutException e) {
            throw new KafkaException("no dead letter could be written to " + topics.deadLetters(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing to " + topics.deadLetters(), e);
        }
    }

    /** The fault of a record, without a quotation from it. */
    static String withoutValues(Throwable error) {
        if (error instanceof InvalidTaskException invalid) {
            return invalid.withoutValues();
        }
        return error instanceof RefusedRowException refusal
                ? refusal.withoutValues()
                : error.getClass().getName();
    }

    /** True when the rules concern the record, or when it is too broken to tell. */
    static boolean mayBeSecret(RedactionRules rules, byte @Nullable [] value) {
        try {
            return rules.concern(value);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.debug("treated as secret", e);
            return true;
        }
    }

    @Override
    public void close() {
        producer.close(PATIENCE);
    }
}

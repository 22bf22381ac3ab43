package io.celeriac.engine.topic;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Waits for the broker's answers to an admin client, for 30 seconds at most. */
final class Answers {

    private static final long PATIENCE_SECONDS = 30;

    private Answers() {}

    /**
     * @param about what was asked, as in "no answer about …"
     * @throws IllegalStateException when no answer comes in 30 seconds, or the answer is an error, which is then the cause
     */
    static <T> T of(String about, KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("no answer about " + about + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no answer about " + about + " in " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked about " + about, e);
        }
    }

    /** As {@link #of}; empty when the broker does not know the topic. */
    static <T> Optional<T> ifThere(String topic, KafkaFuture<T> future) {
        try {
            return Optional.of(of("topic " + topic, future));
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}

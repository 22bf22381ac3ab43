package io.celeriac.results.materializer;

import io.celeriac.results.loop.Loop;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Retries a poll for ever, whatever the error. The consumer is paused but keeps polling, so that it stays in its group. After a poll that
 * itself failed, the handler waits a little.
 */
final class PatientErrorHandler extends DefaultErrorHandler {

    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 5_000;

    private final Loop loop;

    PatientErrorHandler(Loop loop) {
        super(backOff());
        this.loop = loop;
        // Otherwise it skips the poll after errors that it takes for fatal, such as a ClassCastException.
        setClassifications(Map.of(), true);
    }

    private static ExponentialBackOff backOff() {
        var backOff = new ExponentialBackOff(FIRST_PAUSE, 2);
        backOff.setMaxInterval(LONGEST_PAUSE);
        return backOff;
    }

    /** Handles an error of the poll itself: the consumer polls again. */
    @Override
    public void handleOtherException(
            Exception error, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batchListener) {
        loop.failed("the poll of " + consumer.assignment(), error);
        try {
            ListenerUtils.stoppableSleep(container, FIRST_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

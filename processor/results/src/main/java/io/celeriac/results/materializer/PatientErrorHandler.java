package io.celeriac.results.materializer;

import io.celeriac.results.loop.Loop;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.listener.ListenerUtils;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Tries a poll again for ever, whatever went wrong, paused but polling, so that the consumer stays in its group. Where the poll itself
 * fails it waits a little.
 */
final class PatientErrorHandler extends DefaultErrorHandler {

    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 5_000;

    private final Loop loop;

    PatientErrorHandler(Loop loop) {
        super(backOff());
        this.loop = loop;
        // Else it passes over the polls of errors that it takes for hopeless, such as a ClassCastException.
        setClassifications(Map.of(), true);
    }

    private static ExponentialBackOff backOff() {
        var backOff = new ExponentialBackOff(FIRST_PAUSE, 2);
        backOff.setMaxInterval(LONGEST_PAUSE);
        return backOff;
    }

    /** What the consumer throws while it polls: it is asked again. */
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

package io.celeriac.results.materializer;

import io.celeriac.results.loop.Loop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Restarts materializers whose threads have ended, which an {@link Error} makes them do. It reports the failure to the loop until they
 * run again.
 */
final class ContainerWatch implements AutoCloseable {

    private final Map<Loop, MessageListenerContainer> containers;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "materializer-watch");
        daemon.setDaemon(true);
        return daemon;
    });

    ContainerWatch(Map<Loop, ? extends MessageListenerContainer> containers) {
        this.containers = Map.copyOf(containers);
    }

    void start(Duration interval) {
        thread.scheduleWithFixedDelay(this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        containers.forEach(ContainerWatch::look);
    }

    private static void look(Loop loop, MessageListenerContainer container) {
        try {
            if (container.isInExpectedState()) { // true also after an orderly stop
                loop.went();
                return;
            }
            loop.failed("its thread", new IllegalStateException("the thread has ended and is started again"));
            container.stop();
            container.start();
        } catch (RuntimeException | Error e) { // the executor never again runs a task that throws
            loop.failed("its thread", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

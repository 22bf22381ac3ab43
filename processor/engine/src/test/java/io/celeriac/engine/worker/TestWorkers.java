package io.celeriac.engine.worker;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Workers of one queue in this JVM; those that still run at the end are stopped. */
final class TestWorkers implements AutoCloseable {

    private final TestQueue queue;
    private final String bootstrapServers;
    private final Map<String, Object> connection;
    private final List<Worker> running = new ArrayList<>();

    TestWorkers(TestQueue queue, String bootstrapServers) {
        this(queue, bootstrapServers, Map.of());
    }

    /** @param streams settings of Kafka Streams, in place of the engine's */
    TestWorkers(TestQueue queue, String bootstrapServers, Map<String, Object> streams) {
        this.queue = queue;
        this.bootstrapServers = bootstrapServers;
        this.connection = new HashMap<>(streams);
        connection.put("bootstrap.servers", bootstrapServers);
    }

    /**
     * Starts one and waits until it works.
     *
     * @param settings below {@code celeriac.worker}, put over those that suit a test
     */
    Worker start(Guarantee guarantee, List<Handler> handlers, Map<String, Object> settings) {
        return start(guarantee, handlers, settings, InstantSource.system());
    }

    Worker start(Guarantee guarantee, List<Handler> handlers, Map<String, Object> settings, InstantSource clock) {
        return start(guarantee, handlers, settings, clock, new SimpleMeterRegistry());
    }

    Worker start(
            Guarantee guarantee,
            List<Handler> handlers,
            Map<String, Object> settings,
            InstantSource clock,
            MeterRegistry metrics) {
        var worker = new Worker(
                settings(guarantee, settings),
                queue.settings(),
                connection,
                1 << 20,
                new HandlerRegistry(handlers),
                List.of(),
                metrics,
                clock);
        running.add(worker);
        worker.start();
        assertThat(worker.awaitRunning(ofSeconds(60))).isTrue();
        return worker;
    }

    /**
     * As {@link #start}, but on any number of partitions, and without waiting until it works. It looks every second or two how many there
     * are, and not every thirty.
     */
    Worker startOnAnyPartitions(
            Guarantee guarantee,
            List<Handler> handlers,
            Map<String, Object> settings,
            InstantSource clock,
            MeterRegistry metrics) {
        var worker = new Worker(
                settings(guarantee, settings),
                new TopicProperties(queue.topics().namespace(), null, null),
                Map.of("bootstrap.servers", bootstrapServers, "main.consumer.metadata.max.age.ms", 2_000),
                1 << 20,
                new HandlerRegistry(handlers),
                List.of(),
                metrics,
                clock);
        running.add(worker);
        worker.start();
        return worker;
    }

    private static WorkerProperties settings(Guarantee guarantee, Map<String, Object> more) {
        var properties = new HashMap<String, Object>(Map.of(
                "celeriac.worker.guarantee",
                guarantee.name(),
                "celeriac.worker.concurrency",
                8,
                "celeriac.worker.session-timeout",
                "PT6S",
                "celeriac.worker.drain-timeout",
                "PT2S"));
        more.forEach((name, value) -> properties.put("celeriac.worker." + name, value));
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("celeriac.worker", WorkerProperties.class);
    }

    void stop(Worker worker) {
        running.remove(worker);
        worker.stop();
    }

    @Override
    public void close() {
        List.copyOf(running).forEach(this::stop);
    }
}

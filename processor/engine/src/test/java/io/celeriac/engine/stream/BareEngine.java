package io.celeriac.engine.stream;

import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.attempt.AttemptRunner;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.GroupLists;
import io.celeriac.engine.consumer.EngineClients;
import io.celeriac.engine.consumer.Published;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import io.celeriac.engine.topic.StepCheck;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;

/**
 * The engine as a worker of the queue {@code default} puts it together, but open: a test can put a fault between any two of its
 * parts. Its consumer group and its changelog are those of a worker of the same namespace, which can take over from it.
 */
final class BareEngine implements AutoCloseable {

    static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);

    private final String bootstrapServers;
    private final boolean exactlyOnce;
    private final Topics topics;
    private final HandlerRegistry handlers;
    private final InstantSource clock = InstantSource.system();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    final EngineClients clients = new EngineClients(clock, DRAIN_TIMEOUT, DRAIN_TIMEOUT.multipliedBy(3));

    BareEngine(String bootstrapServers, String namespace, boolean exactlyOnce, List<Handler> handlers) {
        this.bootstrapServers = bootstrapServers;
        this.exactlyOnce = exactlyOnce;
        this.topics = new Topics(namespace);
        this.handlers = new HandlerRegistry(handlers);
    }

    QueueProperties settings() {
        return new QueueProperties(
                "default",
                topics.tasks("default"),
                exactlyOnce,
                Order.UNORDERED,
                1_000,
                1_000_000,
                10_000,
                0,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                Duration.ofMillis(500),
                Duration.ofMillis(100));
    }

    /**
     * @param published {@link #clients}, or another in its place
     */
    QueueContext collaborators(Published published) {
        var outcomes = new OutcomeRecords(topics, "bare", 1 << 20, handlers);
        var runner = new AttemptRunner(
                outcomes,
                id -> false,
                topic -> {},
                List.of(),
                clock,
                new Random(),
                new AttemptRunner.TimeLimits(timer, threads, Duration.ofSeconds(5)),
                GroupLists.NONE);
        return new QueueContext(
                handlers,
                new Dispatcher(threads, timer, 32, runner, clock),
                outcomes,
                id -> false,
                UUID.randomUUID().toString(),
                new Quarantine(),
                published,
                new StepCheck(topic -> {}, Runnable::run, clock),
                topic -> Uuid.ZERO_UUID,
                clock,
                new EngineMetrics(new SimpleMeterRegistry(), "default"));
    }

    Topology topology(Published published) {
        return TaskTopology.build(
                settings(), Stores.inMemoryKeyValueStore(TaskTopology.STORE), 1 << 20, collaborators(published));
    }

    /**
     * Not started.
     *
     * @param supplier {@link #clients}, or something around it
     * @param more of Streams' settings, put over ours
     */
    KafkaStreams streams(Topology topology, KafkaClientSupplier supplier, Path stateDir, Map<String, Object> more) {
        var config = new Properties();
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.namespace() + ".worker.default");
        config.put(StreamsConfig.CLIENT_ID_CONFIG, "bare.default");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.POLL_MS_CONFIG, 100);
        config.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings().commitInterval().toMillis());
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                exactlyOnce ? StreamsConfig.EXACTLY_ONCE_V2 : StreamsConfig.AT_LEAST_ONCE);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        config.putAll(more);
        var streams = new KafkaStreams(topology, config, supplier);
        streams.setUncaughtExceptionHandler(failure -> EngineClients.isCommitGuard(failure)
                ? StreamThreadExceptionResponse.SHUTDOWN_CLIENT
                : StreamThreadExceptionResponse.REPLACE_THREAD);
        return streams;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        timer.shutdownNow();
    }
}

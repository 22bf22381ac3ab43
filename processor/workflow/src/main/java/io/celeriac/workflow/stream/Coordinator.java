package io.celeriac.workflow.stream;

import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.engine.topic.StepQueues;
import io.celeriac.workflow.WorkflowProperties;
import io.celeriac.workflow.tree.Workflows;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator of workflows. Any number of them share the workflows by partitions; when one dies, another goes on.
 *
 * <p>It always works exactly once: a change of a workflow, the tasks that it sends for it and the place in its topics are one transaction.
 * Otherwise a crash between two records of the changelog could leave a count that no event repairs.
 *
 * <p>{@link #start} and {@link #stop} are called once, one after the other; the other methods may be called by any thread.
 */
public final class Coordinator {

    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration ADMIN_PATIENCE = Duration.ofSeconds(30);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
    private static final Duration SESSION = Duration.ofSeconds(10);
    private static final Duration TRANSACTION = Duration.ofSeconds(10);

    /** More than a thread changes between two commits. */
    private static final long CACHE_BYTES = 32L << 20;

    private final WorkflowProperties settings;
    private final TopicProperties names;
    private final Map<String, Object> connection;
    private final int maxRequestBytes;
    private final InstantSource clock;
    private final CoordinatorMetrics metrics;
    private final ExecutorService lookups = Executors.newSingleThreadExecutor(Coordinator::thread);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CoordinatorFailures failures;
    private volatile @Nullable KafkaStreams streams;
    private @Nullable StepQueues queues;

    /**
     * @param connection settings of the cluster and of Streams under {@code spring.kafka}
     * @param maxRequestBytes the most bytes that the producer may send in a record
     */
    public Coordinator(
            WorkflowProperties settings,
            TopicProperties names,
            Map<String, Object> connection,
            int maxRequestBytes,
            MeterRegistry registry,
            InstantSource clock) {
        this.settings = settings;
        this.names = names;
        this.connection = connection;
        this.maxRequestBytes = maxRequestBytes;
        this.clock = clock;
        this.metrics = new CoordinatorMetrics(registry);
        this.failures = new CoordinatorFailures(settings.streamThreads(), clock);
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "celeriac-workflow-queues");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Makes sure of the topics and begins to run workflows.
     *
     * @throws IllegalStateException when the broker does not answer, or a topic contradicts the settings
     */
    public void start() {
        int partitions = prepareTopics();
        queues = new StepQueues(List.of(), false, names, () -> Admin.create(connection), clock);
        var context = new CoordinatorContext(
                names.topics(),
                partitions,
                new StepCheck(queues, lookups, clock),
                new Workflows.Settings(
                        settings.keep(),
                        settings.appendTimeout(),
                        Limits.taskBytes(maxRequestBytes - Limits.REQUEST_OVERHEAD)),
                clock,
                metrics);
        var started = new KafkaStreams(WorkflowTopology.build(context, log(), maxRequestBytes), config());
        started.setUncaughtExceptionHandler(this::onFailedThread);
        streams = started;
        started.start();
        LOG.info("coordinates workflows of {}", names.topics().workflows());
    }

    private KeyValueBytesStoreSupplier log() {
        return switch (settings.store()) {
            case MEMORY -> Stores.inMemoryKeyValueStore(WorkflowTopology.STORE);
            case ROCKSDB -> Stores.persistentKeyValueStore(WorkflowTopology.STORE);
        };
    }

    private int prepareTopics() {
        var admin = Admin.create(connection);
        try {
            names.provision(admin, List.of());
            var topics = names.topics();
            int workflows = partitions(admin, topics.workflows());
            int events = partitions(admin, topics.workflowEvents());
            if (workflows != events) {
                throw new IllegalStateException("topics " + topics.workflows() + " and " + topics.workflowEvents()
                        + " must have the same number of partitions, but have " + workflows + " and " + events);
            }
            return workflows;
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    private static int partitions(Admin admin, String topic) {
        try {
            var described = admin.describeTopics(List.of(topic)).allTopicNames();
            return Objects.requireNonNull(
                            described
                                    .get(ADMIN_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                                    .get(topic),
                            topic)
                    .partitions()
                    .size();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot describe topic " + topic + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topic " + topic + " was described", e);
        }
    }

    private Properties config() {
        var config = new Properties();
        config.put(StreamsConfig.POLL_MS_CONFIG, 20);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 65_536);
        config.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int) TRANSACTION.toMillis());
        config.putAll(connection);
        if (names.replicationFactor() != null) {
            config.put(
                    StreamsConfig.REPLICATION_FACTOR_CONFIG,
                    names.replicationFactor().intValue());
        }
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, group());
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streamThreads());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL.toMillis());
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), (int) SESSION.toMillis());
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) SESSION.toMillis() / 4);
        return config;
    }

    private String group() {
        Topics topics = names.topics();
        return topics.coordinatorGroup();
    }

    private String stateDir() {
        try {
            return settings.stateDir() == null
                    ? Files.createTempDirectory("celeriac-workflow-").toString()
                    : settings.stateDir().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for celeriac.workflow.state-dir", e);
        }
    }

    /** Runs on the failed thread. Its successor may fail for the same reason, so each waits longer than the last. */
    private StreamThreadExceptionResponse onFailedThread(Throwable failure) {
        metrics.streamFailed();
        var pause = failures.failed(failure);
        LOG.error("a stream thread of the coordinator failed and is replaced in {}", pause, failure);
        try {
            if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("the coordinator stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Whether it runs workflows at the moment. */
    public boolean isRunning() {
        var started = streams;
        return started != null && started.state() == KafkaStreams.State.RUNNING;
    }

    /** Whether its threads have failed so often in a row that it is down. */
    public boolean isDown() {
        var started = streams;
        return failures.areTooMany() || (started != null && started.state() == KafkaStreams.State.ERROR);
    }

    /** Its state, in Kafka's word, with the last failure if there was one. */
    public String state() {
        var started = streams;
        var state = started == null ? "CREATED" : started.state().name();
        return failures.last()
                .map(last -> state + "; the last failure: " + last)
                .orElse(state);
    }

    /** Hands its workflows over to others. Blocks until done. */
    public void stop() {
        stopping.countDown();
        var started = streams;
        if (started != null) {
            started.close(CloseOptions.timeout(CLOSE_TIMEOUT)
                    .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        }
        lookups.shutdownNow();
        if (queues != null) {
            queues.close();
        }
    }
}

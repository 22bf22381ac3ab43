package io.celeriac.engine.worker;

import static java.util.stream.Collectors.toMap;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.consumer.EngineClients;
import io.celeriac.engine.stream.QueueContext;
import io.celeriac.engine.stream.TaskTopology;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.topic.Changelog;
import io.celeriac.engine.topic.ConsumedRecords;
import io.celeriac.engine.topic.QueueOffsets;
import io.celeriac.engine.topic.QueueTopics;
import io.celeriac.engine.topic.TopicIdReader;
import io.celeriac.engine.topic.UnfitTopicsException;
import io.celeriac.engine.topic.UnreadGaps;
import io.celeriac.engine.worker.WorkerProperties.GroupProtocol;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.engine.worker.WorkerProperties.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The {@code KafkaStreams} of one queue. */
final class QueueWorker implements Watch.Watched {

    private static final Logger LOG = LoggerFactory.getLogger(QueueWorker.class);
    private static final Duration START_AHEAD = Duration.ofMillis(500);

    /**
     * The time between two probes, as short as Streams allows. A worker whose store is further behind than the acceptable lag gets a
     * partition only when a probe finds that it has caught up.
     */
    private static final Duration PROBING = Duration.ofMinutes(1);

    /**
     * The acceptable lag with standbys, in records. A busy partition writes the default of 10,000 between two fetches of its copies;
     * a copy that counts as behind for that reason does not get its partition. 100,000 records are restored in half a second.
     */
    private static final long NEAR = 100_000;

    private static final long NEAR_WITHOUT_STANDBYS = 10_000; // the default of Streams

    /**
     * How long a transaction may take in addition to the drain, during which the stream thread waits inside the transaction. As short as
     * the default of Streams, because readers of committed results wait that long after a crash.
     */
    private static final Duration TRANSACTION = Duration.ofSeconds(10);

    /** The longest timeout that brokers allow, unless their {@code transaction.max.timeout.ms} says otherwise. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(15);

    /** The producer's default of {@code delivery.timeout.ms}. */
    private static final Duration DELIVERY = Duration.ofMinutes(2);

    /**
     * Under at-least-once, results come one by one, from the threads of their attempts. While one request is on its way the next results
     * gather, so that they share a request though none waits for company.
     */
    private static final int IN_FLIGHT = 1;

    /**
     * Nobody sees a record of a transaction before its commit, which sends all that lingers. So results wait for the store's records, and
     * the broker adds the partitions of both to the transaction in one go.
     */
    private static final int TRANSACTION_LINGER_MILLIS = 5;

    /** How long records in an added partition may wait: a worker sees a new partition only when it refreshes its metadata. */
    private static final Duration METADATA = Duration.ofSeconds(30);

    /** How long a full producer buffer and the broker may block the stream thread, in addition to sends and drains. */
    private static final Duration SLACK = Duration.ofSeconds(60);

    private static final Duration GAP_LOOKS = Duration.ofSeconds(60);

    private final QueueTopics topics;
    private final boolean brokerChecksChangelog;
    private final KafkaStreams streams;
    private final Map<String, Uuid> topicIds;
    private final EngineMetrics metrics;
    private final InstantSource clock;
    private final ThreadFailures failures;
    private final UnreadGaps gaps;
    private final ConsumedRecords consumed;
    private final CompletableFuture<Void> running = new CompletableFuture<>();
    private Instant nextGapLook = Instant.MIN; // the watch's thread only

    /**
     * @param connection settings of the cluster and of Streams under {@code spring.kafka}
     * @param topicIds by topic name; updated when the queue's topic was recreated
     * @param context for the queue's clients
     */
    QueueWorker(
            String queue,
            WorkerProperties settings,
            TopicProperties names,
            Path stateDir,
            Map<String, Object> connection,
            int maxRequestBytes,
            EngineClients clients,
            Map<String, Uuid> topicIds,
            QueueContext context) {
        topics = QueueTopics.of(queue, names);
        brokerChecksChangelog = settings.groupProtocol() == GroupProtocol.STREAMS;
        this.topicIds = topicIds;
        metrics = context.metrics();
        clock = context.clock();
        failures = new ThreadFailures(settings.streamThreads(), clock);
        gaps = new UnreadGaps(topics, metrics);
        consumed = new ConsumedRecords(topics, settings.keepConsumed(), clock);
        var topology = TaskTopology.build(
                queueSettings(queue, settings, names), log(settings.store()), maxRequestBytes, context);
        var fitting = new QueueClients(clients, topics);
        clients.beforeReset(() -> lookForGaps(fitting));
        streams = new KafkaStreams(topology, config(queue, settings, names, stateDir, connection, clients), fitting);
        streams.setUncaughtExceptionHandler(this::onFailedThread);
        streams.setGlobalStateRestoreListener(new RestoreLog(queue));
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                running.complete(null);
            }
        });
    }

    static QueueProperties queueSettings(String queue, WorkerProperties settings, TopicProperties topics) {
        return new QueueProperties(
                queue,
                topics.topics().tasks(queue),
                settings.guaranteeOf(queue) == Guarantee.EXACTLY_ONCE,
                settings.orderOf(queue),
                settings.window(),
                settings.maxParked(),
                settings.orderOf(queue) == QueueProperties.Order.PARTITION ? settings.window() : settings.maxHeld(),
                settings.maxDeaths(),
                settings.deduplicationOf(queue),
                settings.unknownTaskPatience(),
                START_AHEAD,
                settings.commitInterval());
    }

    private static KeyValueBytesStoreSupplier log(Store store) {
        return switch (store) {
            case MEMORY -> Stores.inMemoryKeyValueStore(TaskTopology.STORE);
            case ROCKSDB -> Stores.persistentKeyValueStore(TaskTopology.STORE);
        };
    }

    /** Settings that the engine's guarantees depend on come last; the others may be set under {@code spring.kafka.streams}. */
    static Properties config(
            String queue,
            WorkerProperties settings,
            TopicProperties topics,
            Path stateDir,
            Map<String, Object> connection,
            EngineClients clients) {
        var config = new Properties();
        config.put(StreamsConfig.POLL_MS_CONFIG, 100);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 65_536);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 1_000);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.METADATA_MAX_AGE_CONFIG), (int) METADATA.toMillis());
        config.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING.toMillis());
        config.put(
                StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, settings.standbys() > 0 ? NEAR : NEAR_WITHOUT_STANDBYS);
        if (settings.guaranteeOf(queue) == Guarantee.EXACTLY_ONCE) {
            config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), TRANSACTION_LINGER_MILLIS);
            config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                    transactionTimeout(queue, settings.drainTimeout()).toMillis());
        } else {
            config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), IN_FLIGHT);
        }
        config.putAll(connection);
        if (topics.replicationFactor() != null) {
            config.put(
                    StreamsConfig.REPLICATION_FACTOR_CONFIG,
                    topics.replicationFactor().intValue());
        }
        config.put(
                StreamsConfig.APPLICATION_ID_CONFIG,
                QueueTopics.of(queue, topics).group());
        config.put(StreamsConfig.CLIENT_ID_CONFIG, settings.workerId() + "." + queue);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.streamThreads());
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, guarantee(settings.guaranteeOf(queue)));
        config.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        config.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), (int)
                pollInterval(settings, connection).toMillis());
        config.putAll(membership(settings, clients));
        return config;
    }

    /**
     * The poll interval. A stream thread waits for its sends within one. If the interval ended first, the group would remove the worker
     * while a partition's leader is away, and all tasks in hand would run twice.
     */
    private static Duration pollInterval(WorkerProperties settings, Map<String, Object> connection) {
        var delivery = set(connection, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "producer.")
                .orElse(DELIVERY);
        var least = settings.drainTimeout().plus(delivery).plus(SLACK);
        var asked = set(connection, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, "main.consumer.", "consumer.");
        if (asked.isPresent() && asked.get().compareTo(least) < 0) {
            throw new IllegalArgumentException("max.poll.interval.ms under spring.kafka.streams must be at least "
                    + least.toMillis() + ", but is " + asked.get().toMillis()
                    + ": a worker may wait in one go for its drain ("
                    + "celeriac.worker.drain-timeout of " + settings.drainTimeout() + "), for its sends ("
                    + "delivery.timeout.ms of " + delivery.toMillis() + "), and " + SLACK.toSeconds()
                    + " s more. Raise it, or lower one of these");
        }
        return asked.orElse(least);
    }

    /** The value of a client's setting under the first prefix that has it, or else without a prefix. */
    private static Optional<Duration> set(Map<String, Object> connection, String name, String... prefixes) {
        return Stream.concat(Arrays.stream(prefixes), Stream.of(""))
                .map(prefix -> connection.get(prefix + name))
                .filter(Objects::nonNull)
                .map(value -> Duration.ofMillis(Long.parseLong(value.toString().strip())))
                .findFirst();
    }

    private static Duration transactionTimeout(String queue, Duration drainTimeout) {
        var timeout = drainTimeout.plus(TRANSACTION);
        if (timeout.compareTo(LONGEST_TRANSACTION) <= 0) {
            return timeout;
        }
        LOG.warn(
                "queue {} is worked on exactly once, and brokers end a transaction after {}: tasks that drain for"
                        + " longer, up to celeriac.worker.drain-timeout of {}, run again at their next owner",
                queue,
                LONGEST_TRANSACTION,
                drainTimeout);
        return LONGEST_TRANSACTION;
    }

    private static Map<String, Object> membership(WorkerProperties settings, EngineClients clients) {
        var membership = new HashMap<String, Object>();
        membership.put(
                StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol().name());
        switch (settings.groupProtocol()) {
            case CLASSIC -> {
                var session = (int) settings.sessionTimeout().toMillis();
                membership.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
                membership.put(
                        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), session / 4);
            }
            case STREAMS -> membership.putAll(clients.streamsProtocol());
        }
        return membership;
    }

    private static String guarantee(Guarantee guarantee) {
        return switch (guarantee) {
            case AT_LEAST_ONCE -> StreamsConfig.AT_LEAST_ONCE;
            case EXACTLY_ONCE -> StreamsConfig.EXACTLY_ONCE_V2;
        };
    }

    /** Runs on the failed thread, which releases its partitions afterwards. No other thread waits for the pause. */
    private StreamThreadExceptionResponse onFailedThread(Throwable failure) {
        metrics.streamFailed();
        if (EngineClients.isCommitGuard(failure) || UnfitTopicsException.isCauseOf(failure)) {
            failures.stopped(failure);
            LOG.error("queue {} stops: {}", queue(), failure.getMessage(), failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        var pause = failures.failed(failure);
        LOG.error("a stream thread of queue {} failed and is replaced in {}", queue(), pause, failure);
        failures.await(pause);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    String queue() {
        return topics.queue();
    }

    @Override
    public String name() {
        return "queue " + queue();
    }

    /** A failure here does not stop the stream threads; they find by themselves what they cannot go on with. */
    @Override
    public void look(Admin admin) {
        if (brokerChecksChangelog) {
            Changelog.fit(admin, topics, true);
        }
        var deletes = consumed.isDue();
        if (deletes || failures.areAny() || !clock.instant().isBefore(nextGapLook)) {
            var places = QueueOffsets.of(admin, topics);
            gaps.look(places);
            nextGapLook = clock.instant().plus(GAP_LOOKS);
            failures.look(places, isRunning());
            if (deletes) {
                consumed.look(admin, places);
            }
        }
    }

    /**
     * Looks for gaps when Streams resets partitions to their beginning. Their committed offsets are then no longer in the topic, or the
     * topic was recreated. Runs on the stream thread, before the store is asked for its progress, which holds only for a topic of the
     * same id.
     */
    private void lookForGaps(QueueClients clients) {
        try {
            topicIds.putAll(TopicIdReader.read(clients.admin(), List.of(topics.tasks())));
            gaps.look(QueueOffsets.of(clients.admin(), topics));
        } catch (UnfitTopicsException e) {
            throw e;
        } catch (IllegalStateException e) {
            topicIds.remove(topics.tasks()); // otherwise offsets of an earlier topic of its name might be believed
            LOG.warn("could not tell whether records of queue {} are missing", queue(), e); // the work goes on
        }
    }

    /**
     * Checks that the topics of the queue fit together, and to the settings.
     *
     * @throws IllegalStateException when they do not, or the broker does not answer
     */
    void requireFitTopics(Admin admin, int maxRequestBytes) {
        Changelog.requireRoomFor(admin, topics.changelog(), maxRequestBytes);
        Changelog.fit(admin, topics, brokerChecksChangelog);
        gaps.look(QueueOffsets.of(admin, topics));
    }

    /** The condition of the queue on this worker. */
    Condition condition() {
        var reason = failures.reason().or(gaps::last).orElse(null);
        if (failures.areTooMany()) {
            return new Condition(Condition.Health.DOWN, state().name(), reason);
        }
        return new Condition(isRunning() ? Condition.Health.UP : Condition.Health.NOT_NOW, state().name(), reason);
    }

    void start() {
        streams.start();
    }

    /** Completes when the queue runs for the first time. */
    CompletableFuture<Void> running() {
        return running;
    }

    boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** The partitions of the queue that this worker owns, in order. */
    List<Integer> partitions() {
        if (!streams.state().isRunningOrRebalancing()) {
            return List.of();
        }
        return streams.metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .flatMap(task -> task.topicPartitions().stream())
                .map(TopicPartition::partition)
                .distinct()
                .sorted()
                .toList();
    }

    KafkaStreams.State state() {
        return streams.state();
    }

    /** Number of records that each store on this worker, its own or a copy, is behind its changelog, by partition. Asks the broker. */
    Map<Integer, Long> lags() {
        return streams.allLocalStorePartitionLags().getOrDefault(TaskTopology.STORE, Map.of()).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().offsetLag()));
    }

    /** Leaves the group, so that other workers take the partitions over at once. Returns whether that was done in time. */
    boolean close(Duration patience) {
        failures.close();
        return streams.close(
                CloseOptions.timeout(patience).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }
}

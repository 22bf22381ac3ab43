package io.celeriac.engine.worker;

import static java.util.stream.Collectors.toMap;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.redaction.Redaction;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.Explanation;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.attempt.AttemptRunner;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.Question;
import io.celeriac.engine.consumer.EngineClients;
import io.celeriac.engine.control.ControlReader;
import io.celeriac.engine.control.LiveSettings;
import io.celeriac.engine.control.RevokedTasks;
import io.celeriac.engine.control.SettingsReader;
import io.celeriac.engine.group.GroupResultsTopic;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.heartbeat.Acknowledgements;
import io.celeriac.engine.heartbeat.HeartbeatSender;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.stream.QueueContext;
import io.celeriac.engine.topic.ControlTopic;
import io.celeriac.engine.topic.QueueTopics;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.engine.topic.StepQueues;
import io.celeriac.engine.topic.TopicIdReader;
import io.celeriac.engine.worker.Condition.Health;
import io.celeriac.engine.worker.WorkerProperties.GroupProtocol;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A worker takes the tasks of its queues and runs them. Started once and stopped once.
 *
 * <p>A stop is graceful. No more tasks begin. Running tasks have {@code drainTimeout} to finish and to be published. Then the partitions
 * are handed over at once, and their next owner runs the tasks that have not begun or not finished.
 */
public final class Worker {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration CONTROL_PATIENCE = Duration.ofSeconds(60);
    private static final Duration HEARTBEAT_PATIENCE = Duration.ofSeconds(5);
    private static final Duration WATCH = Duration.ofSeconds(10);

    private final WorkerProperties settings;
    private final TopicProperties topics;
    private final HandlerRegistry handlers;
    private final Map<String, Object> connection;
    private final int maxRequestBytes;
    private final ExecutorService threads = AttemptThreads.executor();
    private final ScheduledExecutorService timer = AttemptThreads.timer();
    private final Path stateDir;
    private final Map<String, Uuid> topicIds = new ConcurrentHashMap<>();
    private final StepQueues stepQueues;
    private final RevokedTasks revoked;
    private final ControlReader control;
    private final SettingsReader liveSettings;
    private final Dispatcher dispatcher;
    private final WorkerQueues queues;
    private final WorkerControl commands;
    private final HeartbeatSender heartbeats;
    private final Watch watch;

    /**
     * @param connection settings of the cluster and of Streams under {@code spring.kafka}
     * @param maxRequestBytes the most bytes that the producer may send in a record
     * @param handlers with the installation's rules for the secrets in their tasks
     */
    public Worker(
            WorkerProperties settings,
            TopicProperties topics,
            Map<String, Object> connection,
            int maxRequestBytes,
            HandlerRegistry handlers,
            List<TaskListener> listeners,
            MeterRegistry registry,
            InstantSource wallClock) {
        InstantSource clock = () -> wallClock.instant().truncatedTo(ChronoUnit.MICROS); // as the database keeps them
        this.settings = settings;
        this.topics = topics;
        this.handlers = handlers.limited(settings.handlerLimits());
        this.connection = connection;
        this.maxRequestBytes = maxRequestBytes;
        stateDir = settings.stateDir() == null ? temporary() : settings.stateDir();
        revoked = new RevokedTasks(topics.topics().controlTopic().retention(), this::topicId);
        stepQueues = new StepQueues(
                settings.queues(), settings.createQueues(), topics, () -> Admin.create(connection), clock);
        var outcomes = new OutcomeRecords(
                topics.topics(), settings.workerId(), maxRequestBytes - Limits.REQUEST_OVERHEAD, this.handlers);
        var runner = new AttemptRunner(
                outcomes,
                revoked,
                stepQueues,
                listeners,
                clock,
                threadLocalRandom(),
                new AttemptRunner.TimeLimits(timer, threads, settings.timeLimitGrace()),
                new GroupResultsTopic(connection, topics.topics().groupResults(), clock));
        var live = new LiveSettings(settings.workerId());
        dispatcher = new Dispatcher(threads, timer, concurrency(), runner, clock, live);
        registry.gauge("celeriac.attempts.running", dispatcher, Dispatcher::running);
        registry.gauge("celeriac.attempts.lost", dispatcher, Dispatcher::lost);
        queues = new WorkerQueues(
                queueMaker(outcomes, registry, clock), dispatcher, settings.drainTimeout(), this::changed);
        var acknowledgements = new Acknowledgements(clock);
        var report = new WorkerReport(settings.workerId(), dispatcher, this.handlers, queues, acknowledgements, clock);
        heartbeats = new HeartbeatSender(
                this::heartbeatProducer,
                topics.topics().workers(),
                report::now,
                Heartbeat.EVERY,
                registry.counter("celeriac.heartbeats.failed"));
        commands = new WorkerControl(settings.workerId(), dispatcher, queues, acknowledgements, this::changed, clock);
        control = new ControlReader(
                connection,
                topics.topics().control(),
                revoked,
                commands,
                clock,
                registry.counter("celeriac.control.failures"));
        liveSettings = new SettingsReader(
                connection,
                topics.topics().settings(),
                live,
                commands::set,
                dispatcher::settingsChanged,
                registry.counter("celeriac.settings.failures"));
        watch = new Watch(() -> Admin.create(connection), queues::active, WATCH);
    }

    /** Makes the queues, when the worker starts and after each drain. */
    private Supplier<List<QueueWorker>> queueMaker(
            OutcomeRecords outcomes, MeterRegistry registry, InstantSource clock) {
        var steps = new StepCheck(stepQueues, threads, clock);
        var quarantine = new Quarantine();
        registry.gauge("celeriac.suspects.waiting", quarantine, Quarantine::waiting);
        TimeGauge.builder(
                        "celeriac.suspects.longest.wait",
                        () -> quarantine.longestWait(clock.instant()).toMillis(),
                        TimeUnit.MILLISECONDS)
                .description("longest time that a suspected poison pill has waited for its trial")
                .register(registry);
        var process = UUID.randomUUID().toString();
        var metrics = settings.queues().stream()
                .collect(toMap(Function.identity(), queue -> new EngineMetrics(registry, queue), (one, same) -> one));
        return () -> settings.queues().stream()
                .map(queue -> {
                    var clients = new EngineClients(clock, settings.drainTimeout(), settings.sessionTimeout());
                    var context = new QueueContext(
                            handlers,
                            dispatcher,
                            outcomes,
                            revoked,
                            process,
                            quarantine,
                            clients,
                            steps,
                            this::topicId,
                            clock,
                            Objects.requireNonNull(metrics.get(queue)));
                    return new QueueWorker(
                            queue, settings, topics, stateDir, connection, maxRequestBytes, clients, topicIds, context);
                })
                .toList();
    }

    private Uuid topicId(String topic) {
        return topicIds.getOrDefault(topic, Uuid.ZERO_UUID);
    }

    private void changed() {
        heartbeats.changed();
    }

    private Producer<byte[], byte[]> heartbeatProducer() {
        var config = new HashMap<>(connection);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.workerId() + ".heartbeat");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) HEARTBEAT_PATIENCE.toMillis());
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Closes the client without waiting: a question that has no answer by then has already been given up. */
    private void withAdmin(Consumer<Admin> work) {
        var admin = Admin.create(connection);
        try {
            work.accept(admin);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /** Jitter needs no seed of its own, and many threads ask at once. */
    private static RandomGenerator threadLocalRandom() {
        return () -> ThreadLocalRandom.current().nextLong();
    }

    private int concurrency() {
        var asked = settings.concurrency() == null ? AttemptThreads.defaultConcurrency() : settings.concurrency();
        return Math.max(asked, settings.queues().size()); // at least one for each queue
    }

    /**
     * Makes sure of the topics and begins to take tasks.
     *
     * @throws IllegalStateException when the broker does not answer, or a topic contradicts the settings
     */
    public void start() {
        withAdmin(admin -> {
            topics.provision(admin, settings.queues());
            topics.requireRoomFor(admin, settings.queues(), maxRequestBytes);
            queues.all().forEach(queue -> queue.requireFitTopics(admin, maxRequestBytes));
            revoked.keepFor(ControlTopic.retention(admin, topics.topics()));
            tellBrokerSessions(admin);
            topicIds.putAll(TopicIdReader.read(
                    admin,
                    settings.queues().stream().map(topics.topics()::tasks).toList()));
        });
        readControl();
        queues.start();
        watch.start();
        heartbeats.start();
        LOG.info(
                "worker {} takes tasks of {} from {}, {} at once on {} threads",
                settings.workerId(),
                handlers.names(),
                settings.queues(),
                concurrency(),
                AttemptThreads.areVirtual() ? "virtual" : "platform");
    }

    private void tellBrokerSessions(Admin admin) {
        if (settings.groupProtocol() == GroupProtocol.STREAMS) {
            settings.queues()
                    .forEach(queue -> BrokerSession.compare(
                            admin, QueueTopics.of(queue, topics).group(), settings.sessionTimeout()));
        }
    }

    private void readControl() {
        try {
            liveSettings.start(CONTROL_PATIENCE);
            control.start(CONTROL_PATIENCE);
            commands.upToDate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the control and the settings topics were read", e);
        }
    }

    /** Stops gracefully, as described above. Blocks until done. */
    public void stop() {
        commands.close();
        queues.stop();
        heartbeats.close();
        watch.close();
        control.close();
        liveSettings.close();
        stepQueues.close();
        timer.shutdownNow();
        threads.shutdownNow();
        if (settings.stateDir() == null) {
            delete(stateDir);
        }
    }

    /**
     * Why an unfinished task waits, and since when.
     *
     * @param patience how long to wait for the partitions' owners on this worker
     * @return empty when this worker has no such task; another worker may have it
     */
    public Optional<Explanation> explain(String id, Duration patience) {
        var answers = dispatcher.ask(id).stream().map(Question::answer).toList();
        isDone(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)), patience);
        return answers.stream()
                .flatMap(answer -> answer.getNow(Optional.empty()).stream())
                .findFirst();
    }

    /** The redaction of the tasks of a name, by their handler and the rules; empty when this worker has no such handler. */
    public Optional<Redaction> redaction(String task) {
        return handlers.find(task).map(Handler::redaction);
    }

    /** This worker's id. */
    public String id() {
        return settings.workerId();
    }

    /** Whether each queue is being worked on: the partitions are assigned and restored. */
    public boolean isRunning() {
        return queues.all().stream().allMatch(QueueWorker::isRunning);
    }

    /** The reason why this worker cannot read commands, such as revocations; empty while it reads them. It tries again by itself. */
    public Optional<String> trouble() {
        return control.trouble().map(why -> "topic " + topics.topics().control() + " cannot be read: " + why);
    }

    /**
     * Waits until {@link #isRunning}.
     *
     * @return whether it is
     */
    public boolean awaitRunning(Duration patience) {
        return queues.all().stream().map(QueueWorker::running).allMatch(running -> isDone(running, patience));
    }

    private static boolean isDone(CompletableFuture<?> running, Duration patience) {
        try {
            running.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("not yet", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The condition of each part: {@code queue.<name>} for every queue, {@code control} and {@code settings} for reading them, {@code threads}. */
    public Map<String, Condition> conditions() {
        var conditions = new TreeMap<String, Condition>();
        queues.all().forEach(queue -> conditions.put("queue." + queue.queue(), condition(queue)));
        conditions.put("control", heard(topics.topics().control(), control.trouble(), control.isDown()));
        conditions.put("settings", heard(topics.topics().settings(), liveSettings.trouble(), liveSettings.isDown()));
        conditions.put("threads", threadsCondition());
        return conditions;
    }

    private Condition threadsCondition() {
        return dispatcher.isShortOfThreads()
                ? new Condition(
                        Health.DOWN,
                        "lost",
                        dispatcher.lost() + " threads are lost to tasks that ignore the interrupt at their time limit")
                : new Condition(Health.UP, "there", null);
    }

    private Condition condition(QueueWorker queue) {
        return switch (queues.state()) {
            case RUNNING -> queue.condition();
            case DRAINING, DRAINED, STOPPED, UNKNOWN ->
                new Condition(Health.UP, queues.state().name(), null);
        };
    }

    private static Condition heard(String topic, Optional<String> trouble, boolean isDown) {
        return trouble.map(why -> new Condition(
                        isDown ? Health.DOWN : Health.NOT_NOW,
                        "not heard",
                        "topic " + topic + " cannot be read: " + why))
                .orElseGet(() -> new Condition(Health.UP, "heard", null));
    }

    /**
     * Number of records that the stores here are behind their changelogs, by queue and partition. The stores are those of this worker's
     * own partitions and, with {@code standbys}, the copies that it keeps for others. Asks the broker.
     */
    public Map<String, Map<Integer, Long>> lags() {
        return queues.active().stream().collect(toMap(QueueWorker::queue, QueueWorker::lags));
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("celeriac-worker-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for celeriac.worker.state-dir", e);
        }
    }

    private static void delete(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
        } catch (IOException e) {
            LOG.warn("temporary state directory {} is left behind", directory, e);
        }
    }
}

package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.Explanation;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.attempt.AttemptRunner;
import io.celeriac.engine.attempt.Dispatcher;
import io.celeriac.engine.attempt.GroupLists;
import io.celeriac.engine.consumer.NothingPublished;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.engine.topic.UnknownQueueException;
import io.celeriac.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/** One partition of a queue in Streams' test driver: time stands still, and attempts run where they are dispatched. */
public final class QueueScenario implements AutoCloseable {

    private static final Duration OPENING = Duration.ofMillis(2);

    public static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    /** What the scenario is made of; the defaults are plain. */
    static final class Setup {
        private final List<Handler> handlers = new ArrayList<>();
        private final List<TaskListener> listeners = new ArrayList<>();
        private Order order = Order.UNORDERED;
        private Duration deduplication = Duration.ofMinutes(10);
        private Executor executor = Runnable::run;
        private int concurrency = 4;
        private int maxRecordBytes = 1 << 20;
        private RedactionRules rules = RedactionRules.NONE;

        Setup handler(Handler handler) {
            handlers.add(handler);
            return this;
        }

        Setup handler(String name, Handler.Call call) {
            return handler(Handler.of(name, call));
        }

        Setup listener(TaskListener listener) {
            listeners.add(listener);
            return this;
        }

        Setup order(Order value) {
            order = value;
            return this;
        }

        Setup deduplication(Duration value) {
            deduplication = value;
            return this;
        }

        Setup executor(Executor value, int threads) {
            executor = value;
            concurrency = threads;
            return this;
        }

        Setup maxRecordBytes(int value) {
            maxRecordBytes = value;
            return this;
        }

        Setup rules(RedactionRules value) {
            rules = value;
            return this;
        }

        QueueScenario start() {
            return new QueueScenario(this);
        }
    }

    final MutableClock clock = MutableClock.at(START.minus(OPENING));
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Set<String> revoked = new HashSet<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Dispatcher dispatcher;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> tasks;
    private final TestOutputTopic<byte[], byte[]> results;
    private final TestOutputTopic<byte[], byte[]> deadLetters;
    private final Topics topics = new Topics("celeriac");

    /** Whether the cluster answers when it is asked about topics. */
    boolean isClusterAway;

    private void require(String topic) {
        if (isClusterAway) {
            throw new IllegalStateException("no answer about topic " + topic);
        }
        if (topic.endsWith("forbidden")) {
            throw new UnknownQueueException("no such queue");
        }
    }

    private QueueScenario(Setup setup) {
        var handlers = new HandlerRegistry(setup.handlers).redacted(setup.rules);
        var outcomes = new OutcomeRecords(topics, "worker-1", setup.maxRecordBytes, handlers);
        var runner = new AttemptRunner(
                outcomes,
                revoked::contains,
                this::require,
                setup.listeners,
                clock,
                new Random(7),
                new AttemptRunner.TimeLimits(timer, setup.executor, Duration.ofSeconds(5)),
                GroupLists.NONE);
        dispatcher = new Dispatcher(setup.executor, timer, setup.concurrency, runner, clock);
        var settings = new QueueProperties(
                "default",
                topics.tasks("default"),
                false,
                setup.order,
                100,
                1000,
                1000,
                3,
                setup.deduplication,
                Duration.ofMinutes(10),
                Duration.ZERO,
                Duration.ofMillis(100));
        var topology = TaskTopology.build(
                settings,
                Stores.inMemoryKeyValueStore(TaskTopology.STORE),
                1 << 20,
                new QueueContext(
                        handlers,
                        dispatcher,
                        outcomes,
                        revoked::contains,
                        "process-1",
                        new Quarantine(),
                        new NothingPublished(),
                        new StepCheck(this::require, Runnable::run, clock),
                        topic -> Uuid.ZERO_UUID,
                        clock,
                        new EngineMetrics(metrics, "default")));
        var config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "scenario");
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        driver = new TopologyTestDriver(topology, config, clock.instant());
        tasks = driver.createInputTopic(topics.tasks("default"), new ByteArraySerializer(), new ByteArraySerializer());
        results = output(topics.results());
        deadLetters = output(topics.deadLetters());
        pass(OPENING.dividedBy(2)).pass(OPENING.dividedBy(2)); // the owner's mark is on record
    }

    static Setup with() {
        return new Setup();
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    QueueScenario submit(Task task) {
        return submit(task.partitionKey(), TaskJson.bytes(task));
    }

    QueueScenario submit(String key, byte[] value) {
        return submit(key, value, new RecordHeaders());
    }

    QueueScenario submit(String key, byte[] value, Headers headers) {
        tasks.pipeInput(new TestRecord<>(key == null ? null : key.getBytes(UTF_8), value, headers, clock.instant()));
        return settle();
    }

    QueueScenario revoke(String id, boolean terminate) {
        revoked.add(id);
        dispatcher.revoke(id, terminate);
        return this;
    }

    /** Lets the stream thread come round, so that what was dispatched is published. */
    QueueScenario settle() {
        return pass(Duration.ofMillis(1));
    }

    /** Why a task waits; null when the partition has none of this id. */
    Explanation explain(String id) {
        var answer = dispatcher.ask(id).get(0).answer();
        for (int i = 0; i < 20 && !answer.isDone(); i++) {
            pass(Duration.ofMillis(50)); // with a gate it comes with the next poll
        }
        return answer.getNow(Optional.empty()).orElse(null);
    }

    QueueScenario advance(Duration duration) {
        return pass(duration).settle();
    }

    private QueueScenario pass(Duration duration) {
        clock.advance(duration);
        driver.advanceWallClockTime(duration);
        return this;
    }

    /** What has been published since the last call. */
    List<TaskResult> results() {
        return results.readValuesToList().stream().map(TaskJson::result).toList();
    }

    List<TestRecord<byte[], byte[]>> resultRecords() {
        return results.readRecordsToList();
    }

    List<DeadLetter> deadLetters() {
        return deadLetterRecords().stream()
                .map(record -> DeadLetter.from(record.headers()))
                .toList();
    }

    List<TestRecord<byte[], byte[]>> deadLetterRecords() {
        return deadLetters.readRecordsToList();
    }

    List<Task> emitted(String queue) {
        return emittedRecords(queue).stream()
                .map(record -> TaskJson.task(record.value()))
                .toList();
    }

    List<TestRecord<byte[], byte[]>> emittedRecords(String queue) {
        return output(topics.tasks(queue)).readRecordsToList();
    }

    double count(String meter) {
        return metrics.get(meter).counter().count();
    }

    double count(String meter, String tag, String value) {
        return metrics.get(meter).tag(tag, value).counter().count();
    }

    double finished(String state) {
        return count("celeriac.tasks.finished", "state", state);
    }

    @Override
    public void close() {
        driver.close();
        timer.shutdownNow();
    }
}

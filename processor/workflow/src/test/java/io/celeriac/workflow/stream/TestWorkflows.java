package io.celeriac.workflow.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.worker.Worker;
import io.celeriac.engine.worker.WorkerProperties;
import io.celeriac.workflow.WorkflowProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A namespace of its own with coordinators and workers, from the side of those who send workflows and read results. */
final class TestWorkflows implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final TopicProperties names;
    private final Map<String, Object> connection;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TaskResult> results = new ArrayList<>();
    private final Map<String, TaskResult> ends = new HashMap<>(); // the newest, by id
    private final Map<String, WorkflowState> states = new LinkedHashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> deadLetters = new ArrayList<>();
    private volatile long lastRecord; // nanoseconds
    private final List<Coordinator> coordinators = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    TestWorkflows(String bootstrapServers, String namespace, int partitions) {
        names = new TopicProperties(namespace, partitions, null);
        connection = Map.of("bootstrap.servers", bootstrapServers);
        try (var admin = Admin.create(connection)) {
            names.provision(admin, List.of("default"));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        var all = Stream.of(topics().results(), topics().workflowStates(), topics().deadLetters())
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    Topics topics() {
        return names.topics();
    }

    /** Starts a coordinator and waits until it runs. */
    Coordinator coordinate() {
        return coordinate(Map.of());
    }

    /** @param more settings of the coordinator's clients */
    Coordinator coordinate(Map<String, Object> more) {
        var all = new HashMap<>(connection);
        all.putAll(more);
        var settings = new Binder(
                        new MapConfigurationPropertySource(Map.of("celeriac.workflow.append-timeout", "PT3S")))
                .bindOrCreate("celeriac.workflow", WorkflowProperties.class);
        var coordinator =
                new Coordinator(settings, names, all, 1 << 20, new SimpleMeterRegistry(), InstantSource.system());
        coordinators.add(coordinator);
        coordinator.start();
        await("a coordinator").atMost(PATIENCE).until(coordinator::isRunning);
        return coordinator;
    }

    void stop(Coordinator coordinator) {
        coordinators.remove(coordinator);
        coordinator.stop();
    }

    /** Starts a worker and waits until it works. */
    void work(String guarantee, Handler... handlers) {
        var properties = new HashMap<String, Object>(Map.of(
                "celeriac.worker.guarantee",
                guarantee,
                "celeriac.worker.concurrency",
                8,
                "celeriac.worker.session-timeout",
                "PT6S",
                "celeriac.worker.drain-timeout",
                "PT2S"));
        var worker = new Worker(
                new Binder(new MapConfigurationPropertySource(properties))
                        .bindOrCreate("celeriac.worker", WorkerProperties.class),
                names,
                connection,
                1 << 20,
                new HandlerRegistry(List.of(handlers)),
                List.of(),
                new SimpleMeterRegistry(),
                InstantSource.system());
        workers.add(worker);
        worker.start();
        if (!worker.awaitRunning(PATIENCE)) {
            throw new IllegalStateException("the worker does not run");
        }
    }

    /** Sends a record to the partition of its key. */
    void send(WorkflowRecord record) {
        send(null, record.id(), TaskJson.bytes(record));
    }

    /** Sends any record, to a partition of choice. */
    void send(@Nullable Integer partition, String key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topics().workflows(), partition, key.getBytes(UTF_8), value))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("not sent", e);
        }
    }

    int partitions() {
        return producer.partitionsFor(topics().workflows()).size();
    }

    private void poll() {
        for (var records = consumer.poll(POLL); !records.isEmpty(); records = consumer.poll(Duration.ZERO)) {
            lastRecord = System.nanoTime();
            for (var record : records) {
                if (record.topic().equals(topics().results())) {
                    var result = TaskJson.result(record.value());
                    results.add(result);
                    if (result.state().isFinal()) {
                        ends.merge(
                                result.id(), result, (one, other) -> one.revision() > other.revision() ? one : other);
                    }
                } else if (record.topic().equals(topics().deadLetters())) {
                    deadLetters.add(record);
                } else {
                    var key = new String(record.key(), UTF_8);
                    if (!key.contains("/") && !key.contains("#")) {
                        states.put(key, TaskJson.workflowState(record.value()));
                    }
                }
            }
        }
    }

    /** All results so far. */
    List<TaskResult> results() {
        poll();
        return List.copyOf(results);
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        poll();
        return List.copyOf(deadLetters);
    }

    /** Whether a workflow is taken. */
    boolean isStarted(String id) {
        return results().stream().anyMatch(result -> result.id().equals(id));
    }

    /** The result with an id, when it is final. */
    TaskResult awaitEnd(String id) {
        return patiently("the end of " + id)
                .until(() -> end(id), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<TaskResult> end(String id) {
        if (!ends.containsKey(id)) {
            poll();
        }
        return Optional.ofNullable(ends.get(id));
    }

    /** Waits for as long as anything comes: a thousand workflows take a while. */
    private ConditionFactory patiently(String what) {
        lastRecord = System.nanoTime();
        return await(what)
                .atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .failFast(
                        what + ": nothing has come for " + PATIENCE,
                        () -> System.nanoTime() - lastRecord > PATIENCE.toNanos());
    }

    /** The state of a workflow, when all its tasks have ended. */
    WorkflowState awaitSettled(String id) {
        patiently("all tasks of " + id).until(() -> {
            if (!isSettled(id)) {
                poll();
            }
            return isSettled(id);
        });
        return states.get(id);
    }

    private boolean isSettled(String id) {
        var state = states.get(id);
        return state != null && state.state().isFinal() && state.ended() == state.tasks();
    }

    /** How often each task of each workflow has ended. */
    Map<String, Map<String, Long>> ends() {
        return results().stream()
                .filter(result -> result.state().isFinal() && result.rootId() != null)
                .filter(result -> !result.id().equals(result.rootId()))
                .collect(groupingBy(TaskResult::rootId, groupingBy(TaskResult::id, counting())));
    }

    /** The final state of each task and workflow that has ended, by id. */
    Map<String, TaskState> lastStates() {
        return ends.values().stream().collect(toMap(TaskResult::id, TaskResult::state));
    }

    /** How often each task of a workflow has ended. */
    Map<String, Long> endsOf(String workflow) {
        return ends().getOrDefault(workflow, Map.of());
    }

    long count(String workflow, TaskState state) {
        return results().stream()
                .filter(result -> workflow.equals(result.rootId())
                        && result.state() == state
                        && !result.id().equals(workflow))
                .map(TaskResult::id)
                .distinct()
                .count();
    }

    @Override
    public void close() {
        workers.forEach(Worker::stop);
        coordinators.forEach(Coordinator::stop);
        producer.close();
        consumer.close();
    }
}

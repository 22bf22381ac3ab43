package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.store.LogKey;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.stream.SimulatedCluster.Input;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.QueueProperties.Order;
import io.celeriac.engine.task.SourceRecord;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A queue is purged of more tasks than one pass of the stream thread may end. */
class PurgeTest {

    private static final Topics TOPICS = new Topics("celeriac");
    private static final int MANY = 4_500;
    private static final int MOST_IN_A_PASS = 1_000;
    private static final long NEVER =
            QueueScenario.START.plus(Duration.ofDays(9)).toEpochMilli();

    private final MutableClock clock = MutableClock.at(QueueScenario.START);
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final SimulatedCluster cluster = new SimulatedCluster(false);
    private final Uuid topicId = Uuid.randomUuid();
    private volatile long fence;
    private SimulatedPartition partition;

    private final Revocations revocations = new Revocations() {
        @Override
        public boolean contains(String id) {
            return false;
        }

        @Override
        public RevokeReason reason(AcceptedTask task) {
            return task.origin().offset() < fence ? RevokeReason.PURGED : null;
        }

        @Override
        public long fence(String queue, String topic, int partition) {
            return fence;
        }
    };

    @AfterEach
    void kill() {
        workers.forEach(SimulatedWorker::kill);
    }

    /** Tasks that are due, or of one key, end one by the other, and so could a million of them within one pass. */
    @ParameterizedTest
    @CsvSource({"UNORDERED, parked", "UNORDERED, due", "KEY, parked", "KEY, due", "PARTITION, parked", "PARTITION, due"
    })
    void endsAThousandInAPassOfWhatItHasRestored(Order order, String when) throws Exception {
        onAStreamThread(() -> {
            leaveBehind(MANY, when.equals("due") ? 0 : NEVER);
            fence = MANY - 100;
            takeOver(order);

            endBySteps(MANY - 100);
            return null;
        });

        assertThat(results())
                .extracting(TaskResult::id)
                .doesNotHaveDuplicates()
                .allMatch(id -> Integer.parseInt(id.substring(4)) < MANY - 100);
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void endsAThousandInAPassOfWhatWaitsWhenItIsPurged(Order order) throws Exception {
        onAStreamThread(() -> {
            leaveBehind(MANY, NEVER);
            takeOver(order);
            passes(3);
            assertThat(results()).isEmpty();

            fence = MANY;
            workers.get(0).dispatcher().purge("default");
            endBySteps(MANY);
            return null;
        });

        assertThat(cluster.changelog().keySet())
                .noneMatch(key -> LogKey.parse(key.get()).kind() == LogKey.Kind.TASK);
    }

    /** A fence stands for a month, and partitions move with each deploy. */
    @ParameterizedTest
    @EnumSource(Order.class)
    void readsTheStoreOnceMoreOnlyIfItHasRestoredATaskBeforeTheFence(Order order) throws Exception {
        onAStreamThread(() -> {
            leaveBehind(3, NEVER);
            fence = 1;
            takeOver(order);
            passes(5);
            assertThat(cluster.scans()).as("to restore, and to purge").isEqualTo(2);
            workers.get(0).dispatcher().purge("default");
            passes(5);
            assertThat(cluster.scans()).as("of the same fence").isEqualTo(2);
            handOver();

            takeOver(order);
            passes(5);
            assertThat(cluster.scans()).isEqualTo(3);
            return null;
        });

        assertThat(results()).extracting(TaskResult::id).containsExactly("task0");
    }

    /** What runs may end, and is not tried again. */
    @ParameterizedTest
    @EnumSource(Order.class)
    void passesOverWhatRunsUntilItComesBack(Order order) throws Exception {
        onAStreamThread(() -> {
            takeOver(order);
            passes(3);
            cluster.append(new Input(
                    "runs".getBytes(UTF_8),
                    TaskJson.bytes(Task.named("held").id("runs").build()),
                    "runs"));
            pass(1);
            passes(2);
            var worker = workers.get(0);
            worker.start(0);

            fence = 1;
            worker.dispatcher().purge("default");
            passes(5);
            assertThat(results()).isEmpty();

            worker.letGo(worker.held().get(0));
            passes(5);
            clock.advance(Duration.ofSeconds(2));
            passes(5);
            return null;
        });

        assertThat(results()).extracting(TaskResult::state).containsExactly(TaskState.SUCCESS);
    }

    private void endBySteps(int all) {
        var before = 0;
        for (int i = 0; i < 20 && before < all; i++) {
            pass(0);
            var ended = results().size();
            assertThat(ended - before).as("ended in pass %s", i).isBetween(0, MOST_IN_A_PASS);
            before = ended;
        }
        assertThat(before).isEqualTo(all);
        assertThat(results()).extracting(TaskResult::state).containsOnly(TaskState.REVOKED);
    }

    private void leaveBehind(int count, long due) {
        var codec = new StoredTaskCodec("default", TOPICS.tasks("default"), (task, why) -> List.of());
        var log = cluster.new LoggedStore();
        for (int i = 0; i < count; i++) {
            var task = Task.named("held").id("task" + i).build();
            var origin = new SourceRecord(
                    "default",
                    TOPICS.tasks("default"),
                    0,
                    i,
                    QueueScenario.START,
                    "key".getBytes(UTF_8),
                    TaskJson.bytes(task),
                    new RecordHeaders());
            var accepted = AcceptedTask.first(origin, task, QueueScenario.START);
            log.put(LogKey.ofTask(accepted.id(), 1), codec.encode(new Waiting(accepted, due)));
        }
        cluster.flush();
        cluster.commit(0);
    }

    private void takeOver(Order order) {
        var name = "worker-" + (workers.size() + 1);
        var worker = new SimulatedWorker(name, outcomes(name), revocations, clock);
        workers.add(worker);
        var settings = new QueueProperties(
                "default",
                TOPICS.tasks("default"),
                false,
                order,
                3,
                2 * MANY,
                2 * MANY,
                0,
                Duration.ZERO,
                Duration.ofMinutes(1),
                Duration.ZERO,
                Duration.ofMillis(100));
        partition = new SimulatedPartition(cluster, settings, with(worker), clock, new Unwatched());
        partition.open();
    }

    private QueueContext with(SimulatedWorker worker) {
        var held = Handler.of("held", (task, context) -> {
            worker.hold(new SimulatedWorker.Call(context.id(), context.attempt()));
            return null;
        });
        return new QueueContext(
                new HandlerRegistry(List.of(held)),
                worker.dispatcher(),
                outcomes(worker.name()),
                revocations,
                worker.name(),
                new Quarantine(),
                cluster,
                new StepCheck(topic -> {}, Runnable::run, clock),
                topic -> topicId,
                clock,
                new EngineMetrics(new SimpleMeterRegistry(), "default"));
    }

    private static OutcomeRecords outcomes(String worker) {
        return new OutcomeRecords(TOPICS, worker, 1 << 20, new HandlerRegistry(List.of()));
    }

    private void passes(int count) {
        for (int i = 0; i < count; i++) {
            pass(0);
        }
    }

    private void pass(int records) {
        clock.advance(Duration.ofMillis(1));
        workers.forEach(SimulatedWorker::fireTimers);
        partition.pass(records, true);
    }

    private void handOver() {
        partition.comeToPoll();
        partition.drain();
        partition.revoked();
    }

    private List<TaskResult> results() {
        return cluster.published().stream()
                .filter(publication -> publication.destination() == Destination.RESULTS)
                .map(publication -> TaskJson.result(publication.value()))
                .toList();
    }

    /** The gate of a stream thread is found by its thread, and must not be left behind for other tests. */
    private static void onAStreamThread(Callable<Void> steps) throws Exception {
        var thread = Executors.newSingleThreadExecutor();
        try {
            thread.submit(steps).get();
        } finally {
            thread.shutdownNow();
        }
    }

    private static final class Unwatched implements SimulatedPartition.Watcher {

        @Override
        public void taking(Input record, long offset) {}

        @Override
        public void took(Input record, long offset) {}

        @Override
        public void publishes(OutboundRecord publication) {}

        @Override
        public void committed() {}
    }
}

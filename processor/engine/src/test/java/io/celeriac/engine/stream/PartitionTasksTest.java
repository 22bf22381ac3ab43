package io.celeriac.engine.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerRegistry;
import io.celeriac.engine.outcome.OutcomeRecords;
import io.celeriac.engine.poison.OwnerMark;
import io.celeriac.engine.poison.Quarantine;
import io.celeriac.engine.store.LogKey;
import io.celeriac.engine.store.StoredTask.Waiting;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.stream.SimulatedCluster.Input;
import io.celeriac.engine.stream.SimulatedWorker.Call;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an owner of a partition finds, and leaves behind. Each test says when which of its steps happens. */
class PartitionTasksTest {

    private static final Topics TOPICS = new Topics("celeriac");

    private final MutableClock clock = MutableClock.at(QueueScenario.START);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<SimulatedWorker> workers = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private SimulatedCluster cluster;
    private SimulatedPartition partition;
    private Uuid topicId = Uuid.randomUuid();

    @AfterEach
    void kill() {
        workers.forEach(SimulatedWorker::kill);
    }

    /**
     * Rules may become stricter. What they refuse of an earlier version's tasks must come to its end, with or without chains, and keep
     * none of its partition from it. "batch" is an id that was reserved later.
     */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', textBlock = """
            UNORDERED, refused, {"task":"no spaces"}
            UNORDERED, batch,   {"task":"held"}
            KEY,       refused, {"task":"no spaces"}
            KEY,       batch,   {"task":"held"}
            PARTITION, refused, {"task":"no spaces"}
            PARTITION, batch,   {"task":"held"}
            """)
    void concludesAStoredTaskThatTheRulesOfTodayRefuse(Order order, String id, String value) throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            store(id, value);
            submit("other");
            takeOver(order, false);
            passes(4);
            passesWithRecords(2);
            owner().start(0);
            owner().letGo(owner().held().get(0));
            passes(4);
            return null;
        });

        assertThat(results())
                .extracting(TaskResult::id, TaskResult::state)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(id, TaskState.FAILURE),
                        org.assertj.core.groups.Tuple.tuple("other", TaskState.SUCCESS));
        assertThat(cluster.published())
                .filteredOn(publication -> publication.destination() == Destination.DEAD_LETTERS)
                .extracting(publication -> DeadLetter.from(new RecordHeaders(publication.headers()))
                        .reason())
                .containsExactly(Reason.UNREADABLE);
        assertThat(cluster.changelog()).doesNotContainKey(key(id));
    }

    /** Nothing else changes the store, so nothing else would make the commit wait for it. */
    @Test
    void commitsPastGarbageOnlyWhenItsDeadLetterIsDurable() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeOver(Order.UNORDERED, false);
            passes(3);
            takeGarbage();
            for (int i = 0; i < 3; i++) { // the owner's term and progress are on record
                partition.commit();
            }
            assertThat(cluster.published()).hasSize(1);

            takeGarbage();
            assertThat(cluster.published()).hasSize(1);
            partition.commit();
            return null;
        });

        assertThat(cluster.committed()).isEqualTo(2);
        assertThat(cluster.published())
                .extracting(OutboundRecord::destination)
                .containsExactly(Destination.DEAD_LETTERS, Destination.DEAD_LETTERS);
    }

    private void takeGarbage() {
        cluster.append(new Input(null, "{".getBytes(UTF_8), null));
        partition.take();
    }

    /** Its attempt has published the result, and no poll came in between: the commit itself finds that the task has ended. */
    @Test
    void logsNoTaskThatComesAndEndsBetweenTwoCommits() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeOver(Order.UNORDERED, false);
            passes(3);
            submit("brief");
            submit("long");
            partition.take();
            partition.take();
            owner().start(0);
            owner().letGo(owner().held().get(0));
            partition.flush();
            return null;
        });

        assertThat(results()).extracting(TaskResult::id).containsExactly("brief");
        assertThat(cluster.changelog().keySet().stream()
                        .map(key -> LogKey.parse(key.get()))
                        .filter(key -> key.kind() == LogKey.Kind.TASK)
                        .map(LogKey::id))
                .containsExactly("long");
    }

    /** Streams replaces the thread and begins again: an attempt queue left open would be waited for whenever the worker stops. */
    @Test
    void closesItsLaneWhenItCannotBeReadBack() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            store("good", "{\"task\":\"held\"}");
            store("odd", "{\"task\":\"held\"}", 3);

            assertThatIllegalStateException()
                    .isThrownBy(() -> takeOver(Order.KEY, false))
                    .withMessageContaining("format 3");
            assertThat(owner().dispatcher().ask("good")).as("lanes").isEmpty();
            assertThat(owner().dispatcher().drain(Duration.ZERO)).isTrue();
            owner().fireTimers();
            assertThat(owner().hasQueued()).isFalse();
            return null;
        });

        assertThat(ran).isEmpty();
    }

    /** Nothing of an idle topic tells that it is another one of its name; its offsets begin anew, and must not pass for taken. */
    @Test
    void takesTheRecordsOfATopicThatWasMadeAnewWhileItsOwnerWasIdle() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeFromTwoOwners();

            topicId = Uuid.randomUuid();
            cluster.makeAnew();
            partition.seek(0);
            submit("anew");
            passesWithRecords(2);
            runAll();
            return null;
        });

        assertThat(results()).extracting(TaskResult::id).containsExactly("old", "anew");
        assertThat(metrics.get("celeriac.tasks.replayed").counter().count()).isZero();
    }

    /** The group has lost its offset, and the topic is the same. */
    @Test
    void passesOverWhatAnEarlierOwnerHasTakenOfTheSameTopic() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeFromTwoOwners();

            partition.seek(0);
            passesWithRecords(2);
            runAll();
            return null;
        });

        assertThat(results()).extracting(TaskResult::id).containsExactly("old");
        assertThat(metrics.get("celeriac.tasks.replayed").counter().count()).isEqualTo(1);
    }

    /** The second has found out how far the first has come, and has read nothing itself. */
    private void takeFromTwoOwners() {
        submit("old");
        takeOver(Order.UNORDERED, false);
        passes(3);
        pass(1);
        passes(2);
        runAll();
        handOver();
        takeOver(Order.UNORDERED, false);
        passes(3);
    }

    private void runAll() {
        while (owner().isBusy()) {
            if (owner().hasQueued()) {
                owner().start(0);
            }
            owner().held().forEach(owner()::letGo);
        }
        passes(4);
    }

    /**
     * It was suspended while its partition went to another owner, and logs what it had taken before it hears of that. It had logged
     * nothing before: only the group's generation tells which of the two came later.
     */
    @Test
    void runsNothingAgainOfWhatASuspendedOwnerLogsAfterItsSuccessor() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeOver(Order.UNORDERED, false);
            submit("moved");
            partition.take();
            var suspended = partition;

            takeOver(Order.UNORDERED, false);
            passes(3);
            pass(1);
            passes(4); // it is careful, as its predecessor seems to have died
            runAll();
            suspended.flush();
            assertThat(cluster.changelog()).as("the suspended owner's word").isNotEmpty();
            handOver();

            takeOver(Order.UNORDERED, false);
            passes(4);
            return null;
        });

        assertThat(ran).containsExactly("worker-2");
        assertThat(owner().isBusy()).isFalse();
    }

    /**
     * Streams commits for a revocation only what needs it, and an owner that has consumed nothing only shows it that by its timer.
     * What ends while the partition moves has to be in that commit, or it runs again; here the last commit is just over.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void handsOverWhatEndsInTimeAlsoWhereItsOwnerHasConsumedNothing(boolean exactlyOnce) throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(exactlyOnce);
            submit("moved");
            takeOver(Order.UNORDERED, exactlyOnce);
            pass(1);
            passes(2);
            handOver();

            takeOver(Order.UNORDERED, exactlyOnce);
            passes(3);
            owner().start(0);
            pass(0, false);
            pass(0, true);
            partition.comeToPoll();
            partition.drain();
            owner().letGo(owner().held().get(0));
            partition.revoked();

            takeOver(Order.UNORDERED, exactlyOnce);
            passes(4);
            return null;
        });

        assertThat(results())
                .extracting(TaskResult::id, TaskResult::state)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("moved", TaskState.SUCCESS));
        assertThat(ran).containsExactly("worker-2");
        assertThat(owner().isBusy()).isFalse();
    }

    /** Or the next owner takes it for one that has died, and is careful for ten seconds after each deploy. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void leavesAnIdlePartitionInPeaceWhenItsWorkerStops(boolean exactlyOnce, boolean hasConsumed) throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(exactlyOnce);
            takeOver(Order.UNORDERED, exactlyOnce);
            passes(3);
            if (hasConsumed) {
                cluster.append(new Input(new byte[0], "no task".getBytes(UTF_8), null));
                pass(1);
            }
            clock.advance(Duration.ofMinutes(1));
            passes(2);
            assertThat(lastMark().left()).isFalse();

            assertThat(owner().dispatcher().drain(Duration.ZERO))
                    .as("before the stream thread has come by")
                    .isFalse();
            assertThat(lastMark().left()).isFalse();
            clock.advance(Duration.ofSeconds(1));
            passes(2);
            assertThat(owner().dispatcher().drain(Duration.ZERO)).isTrue();
            return null;
        });

        assertThat(lastMark().left()).isTrue();
    }

    /** Revoking is the way out of a flood of parked tasks, so what is revoked must count no longer. */
    @Test
    void takesRecordsAgainAsSoonAsTheParkedTasksThatFilledItAreRevoked() throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeOver(Order.UNORDERED, false);
            passes(3);
            for (int i = 0; i < 4; i++) {
                submitParked("far" + i, Duration.ofDays(300));
            }
            submit("now");
            passesWithRecords(10);
            assertThat(ran).isEmpty();

            for (int i = 0; i < 4; i++) {
                revoke("far" + i);
            }
            passesWithRecords(5);
            owner().start(0);
            return null;
        });

        assertThat(ran).containsExactly("worker-1");
    }

    /** What people ordered while no worker had the partition holds as well, whenever the task's time comes. */
    @ParameterizedTest
    @EnumSource(Order.class)
    void revokesWhatWasRevokedWhileNobodyHadThePartition(Order order) throws Exception {
        onAStreamThread(() -> {
            cluster = new SimulatedCluster(false);
            takeOver(order, false);
            passes(3);
            submitParked("far", Duration.ofDays(8));
            passesWithRecords(5);
            handOver();

            revoked.add("far");
            takeOver(order, false);
            passes(3);
            return null;
        });

        assertThat(results())
                .extracting(TaskResult::id, TaskResult::state)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("far", TaskState.REVOKED));
        assertThat(ran).isEmpty();
    }

    private OwnerMark lastMark() {
        return cluster.changelog().entrySet().stream()
                .filter(entry -> LogKey.parse(entry.getKey().get()).kind() == LogKey.Kind.MARK)
                .max(Map.Entry.comparingByKey())
                .map(mark -> OwnerMark.of(mark.getValue()))
                .orElseThrow();
    }

    private void takeOver(Order order, boolean exactlyOnce) {
        var name = "worker-" + (workers.size() + 1);
        var worker = new SimulatedWorker(name, outcomes(name), revoked::contains, clock);
        workers.add(worker);
        var settings = new QueueProperties(
                "default",
                TOPICS.tasks("default"),
                exactlyOnce,
                order,
                3,
                4,
                4,
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
            ran.add(worker.name());
            worker.hold(new Call(context.id(), context.attempt()));
            return null;
        });
        return new QueueContext(
                new HandlerRegistry(List.of(held)),
                worker.dispatcher(),
                outcomes(worker.name()),
                revoked::contains,
                worker.name(),
                new Quarantine(),
                cluster,
                new StepCheck(topic -> {}, Runnable::run, clock),
                topic -> topicId,
                clock,
                new EngineMetrics(metrics, "default"));
    }

    private static OutcomeRecords outcomes(String worker) {
        return new OutcomeRecords(TOPICS, worker, 1 << 20, new HandlerRegistry(List.of()));
    }

    private SimulatedWorker owner() {
        return workers.get(workers.size() - 1);
    }

    private void revoke(String id) {
        revoked.add(id);
        owner().dispatcher().revoke(id, false);
    }

    private void submit(String id) {
        submit(id, Task.named("held").id(id).build());
    }

    private void submitParked(String id, Duration until) {
        submit(id, Task.named("held").id(id).eta(clock.instant().plus(until)).build());
    }

    private void submit(String id, Task task) {
        cluster.append(new Input(id.getBytes(UTF_8), TaskJson.bytes(task), id));
    }

    /** As an earlier owner left it. */
    private void store(String id, String value) {
        store(id, value, 0);
    }

    /**
     * The same, in another format.
     *
     * @param version of the format; 0 for that of today
     */
    private void store(String id, String value, int version) {
        var origin = new SourceRecord(
                "default",
                TOPICS.tasks("default"),
                0,
                0,
                QueueScenario.START,
                null,
                value.getBytes(UTF_8),
                new RecordHeaders());
        var accepted = AcceptedTask.first(origin, Task.named("any").id("any").build(), QueueScenario.START);
        var codec = new StoredTaskCodec("default", TOPICS.tasks("default"), (task, why) -> List.of());
        var bytes = codec.encode(new Waiting(accepted, 0));
        bytes[0] = version == 0 ? bytes[0] : (byte) version;
        cluster.new LoggedStore().put(key(id), bytes);
        cluster.flush();
        cluster.commit(0);
    }

    private static Bytes key(String id) {
        return LogKey.ofTask(id, 1);
    }

    private void passes(int count) {
        for (int i = 0; i < count; i++) {
            pass(0);
        }
    }

    private void passesWithRecords(int count) {
        for (int i = 0; i < count; i++) {
            pass(1);
        }
    }

    private void pass(int records) {
        pass(records, true);
    }

    private void pass(int records, boolean commits) {
        clock.advance(Duration.ofMillis(1));
        workers.forEach(SimulatedWorker::fireTimers);
        partition.pass(records, commits);
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

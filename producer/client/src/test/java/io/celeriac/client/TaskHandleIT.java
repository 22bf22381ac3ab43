package io.celeriac.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.celeriac.client.result.ResultReader;
import io.celeriac.client.result.ResultReaderProperties;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a real broker. The test writes the results, as a worker would. */
class TaskHandleIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final TopicProperties topics = new TopicProperties(TestStack.uniqueName("handles"), 3, null);
    private final Map<String, Object> connection =
            Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers());
    private final KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(connection, new ByteArraySerializer(), new ByteArraySerializer());
    private final ResultReader reader = reader(ResultReaderProperties.DEFAULT);
    private final TaskClient client =
            new TaskClient(new TaskSender(producer, topics.topics(), InstantSource.system())).reading(reader);

    record Sum(int total, List<String> parts) {}

    record Add(int a, int b) {
        static final TaskType<Add, Sum> TASK = TaskType.of("demo.add", Add.class, Sum.class);
    }

    @BeforeEach
    void makesTheTopics() {
        try (var admin = Admin.create(connection)) {
            topics.provision(admin, List.of("default"));
        }
    }

    @AfterEach
    void closes() {
        reader.close();
        producer.close();
    }

    private ResultReader reader(ResultReaderProperties properties) {
        return new ResultReader(
                more -> {
                    var config = new HashMap<String, Object>(Map.of(
                            "bootstrap.servers",
                            TestStack.kafka().bootstrapServers(),
                            "isolation.level",
                            "read_committed",
                            "auto.offset.reset",
                            "earliest"));
                    config.putAll(more);
                    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                },
                topics.topics().results(),
                properties,
                InstantSource.system(),
                ForkJoinPool.commonPool());
    }

    @Test
    void readsAResultAsItsType() throws Exception {
        var handle = client.send(Add.TASK, new Add(2, 3));
        publish(succeeded(handle.id(), new Sum(5, List.of("2", "3"))));

        assertThat(handle.get(SOON)).isEqualTo(new Sum(5, List.of("2", "3")));
        assertThat(handle.result().join()).isEqualTo(new Sum(5, List.of("2", "3")));
        assertThat(handle.state()).isEqualTo(TaskState.SUCCESS);
    }

    @Test
    void findsAResultThatCameBeforeAnybodyAsked() throws Exception {
        client.send(Add.TASK, new Add(0, 0));
        var early = client.send(Add.TASK, new Add(2, 3));
        publish(succeeded(early.id(), new Sum(5, List.of())));
        publish(succeeded("other", new Sum(1, List.of())));

        assertThat(early.get(SOON)).isEqualTo(new Sum(5, List.of()));
        var later = client.send(Add.TASK, new Add(1, 1)); // now the reader runs
        publish(succeeded(later.id(), new Sum(2, List.of())));
        publish(succeeded("another", new Sum(1, List.of())));
        assertThat(later.get(SOON)).isEqualTo(new Sum(2, List.of()));
    }

    /** The broker holds a fetch at the end of a partition for half a second, which must not hold up each search. */
    @Test
    void findsOneAfterTheOtherWithoutWaitingForNewResults() throws Exception {
        var early = client.sendAll(
                Add.TASK, IntStream.range(0, 40).mapToObj(i -> new Add(i, 1)).toList());
        early.forEach(handle -> publish(succeeded(handle.id(), new Sum(1, List.of()))));
        early.get(0).get(SOON);

        var begun = System.nanoTime();
        for (var handle : early) {
            assertThat(handle.get(SOON)).isEqualTo(new Sum(1, List.of()));
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10)); // 40 halves: 20 s
    }

    @Test
    void saysThatAListDoesNotFitIntoARecord() {
        var handle = client.send(Add.TASK, new Add(2, 3));
        publish(result(handle.id(), TaskState.SUCCESS, 1)
                .result(TaskJson.tree(Map.of("$group", "a-group", "size", 400)))
                .build());

        assertThatIllegalStateException()
                .isThrownBy(() -> client.handle(handle.id(), int[].class).get(SOON))
                .withMessageContaining("a list of 400 results that does not fit into a record");
    }

    @Test
    void isMadeAgainFromAnIdInAnotherProcess() throws Exception {
        var sent = client.send(Add.TASK, new Add(2, 3));
        publish(succeeded(sent.id(), new Sum(5, List.of())));
        publish(succeeded("chosen-by-the-caller", new Sum(7, List.of())));

        try (var others = reader(ResultReaderProperties.DEFAULT)) {
            var other =
                    new TaskClient(new TaskSender(producer, topics.topics(), InstantSource.system())).reading(others);
            assertThat(other.handle(sent.id(), Sum.class).get(SOON)).isEqualTo(new Sum(5, List.of()));
            assertThat(other.handle("chosen-by-the-caller", Sum.class).get(SOON))
                    .isEqualTo(new Sum(7, List.of()));
            assertThat(other.handle("nobody-sent-it").state()).isEqualTo(TaskState.PENDING);
            assertThat(other.handle(sent.id()).receipt()).isCompletedExceptionally();
        }
    }

    @Test
    void throwsWhatTheWorkerThrew() {
        var handle = client.send("demo.fail");
        publish(result(handle.id(), TaskState.FAILURE, 1)
                .error(new TaskError("a.b.OddException", "odd", "a.b.OddException: odd\n\tat a.b.C.d(C.java:1)\n"))
                .build());

        assertThatExceptionOfType(RemoteTaskException.class)
                .isThrownBy(() -> handle.get(SOON))
                .withMessage("task " + handle.id() + " (demo.add) failed with a.b.OddException: odd")
                .satisfies(e -> assertThat(e.type()).isEqualTo("a.b.OddException"))
                .withStackTraceContaining("Caused by: a.b.OddException: odd\n\tat a.b.C.d(C.java:1)");
    }

    @Test
    void tellsThatATaskWasRevoked() {
        var handle = client.send("demo.add", 1, 2);
        handle.revoke();
        publish(result(handle.id(), TaskState.REVOKED, 1)
                .reason(RevokeReason.REVOKED)
                .build());

        assertThatExceptionOfType(TaskRevokedException.class)
                .isThrownBy(() -> handle.get(SOON))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(RevokeReason.REVOKED));
    }

    @Test
    void reportsProgressOnceEachAndTheEndLast() {
        var updates = new CopyOnWriteArrayList<TaskResult>();
        var handle = client.send("demo.add", 1, 2);
        handle.onUpdate(updates::add);
        publish(result(handle.id(), TaskState.STARTED, 1).build());
        await().atMost(SOON).until(() -> updates.size() == 1);
        publish(result(handle.id(), TaskState.STARTED, 1).build());
        publish(result(handle.id(), TaskState.SUCCESS, 2)
                .children(List.of("child"))
                .build());

        await().atMost(SOON).until(() -> updates.size() == 2);
        assertThat(updates).extracting(TaskResult::state).containsExactly(TaskState.STARTED, TaskState.SUCCESS);
        assertThat(handle.children()).extracting(TaskHandle::id).containsExactly("child");
    }

    @Test
    void givesUpWaitingWithoutEndingTheTask() throws Exception {
        var handle = client.send(Add.TASK, new Add(2, 3));

        assertThatExceptionOfType(TimeoutException.class)
                .isThrownBy(() -> handle.get(Duration.ofMillis(50)))
                .withMessageStartingWith("task " + handle.id() + " has not ended within PT0.05S");
        publish(succeeded(handle.id(), new Sum(5, List.of())));
        assertThat(handle.get(SOON)).isEqualTo(new Sum(5, List.of()));
    }

    @Test
    void saysThatAResultCannotBeReadAsItsType() {
        var handle = client.send(Add.TASK, new Add(2, 3));
        publish(succeeded(handle.id(), "five"));

        assertThatIllegalStateException()
                .isThrownBy(() -> handle.get(SOON))
                .withMessageContaining("cannot be read as " + Sum.class.getName());
    }

    @Test
    void passesOverWhatIsNoResult() throws Exception {
        var handle = client.send(Add.TASK, new Add(2, 3));
        producer.send(new ProducerRecord<>(
                topics.topics().results(), handle.id().getBytes(UTF_8), "no JSON".getBytes(UTF_8)));
        producer.send(
                new ProducerRecord<>(topics.topics().results(), handle.id().getBytes(UTF_8), null));
        publish(succeeded(handle.id(), new Sum(5, List.of())));

        assertThat(handle.get(SOON)).isEqualTo(new Sum(5, List.of()));
    }

    @Test
    void servesTenThousandWhoWait() {
        var futures = new ArrayList<java.util.concurrent.CompletableFuture<Sum>>();
        var handles = client.sendAll(Add.TASK, java.util.Collections.nCopies(10_000, new Add(2, 3)));
        handles.forEach(handle -> futures.add(handle.result()));
        handles.forEach(handle -> publish(succeeded(handle.id(), new Sum(5, List.of()))));

        await().atMost(SOON).until(() -> futures.stream().allMatch(java.util.concurrent.CompletableFuture::isDone));
        assertThat(futures)
                .allSatisfy(future -> assertThat(future.join().total()).isEqualTo(5));
    }

    @Test
    void stopsReadingWhenNobodyWaitsAndBeginsAgain() throws Exception {
        try (var brief = reader(
                new ResultReaderProperties(Duration.ofMinutes(5), Duration.ofMillis(1), Duration.ofSeconds(30)))) {
            var other =
                    new TaskClient(new TaskSender(producer, topics.topics(), InstantSource.system())).reading(brief);
            var first = other.send(Add.TASK, new Add(2, 3));
            publish(succeeded(first.id(), new Sum(5, List.of())));
            assertThat(first.get(SOON)).isEqualTo(new Sum(5, List.of()));
            await().atMost(SOON).until(() -> brief.place("any").isEmpty());

            var second = other.send(Add.TASK, new Add(2, 3));
            publish(succeeded(second.id(), new Sum(6, List.of())));
            assertThat(second.get(SOON)).isEqualTo(new Sum(6, List.of()));
        }
    }

    @Test
    void refusesToWaitForAResultThatIsNotPublished() {
        var handle = client.send(Add.TASK, new Add(2, 3), o -> o.ignoreResult(true));

        assertThatIllegalStateException()
                .isThrownBy(() -> handle.get(SOON))
                .withMessageContaining("was sent with ignoreResult");
    }

    private static TaskResult succeeded(String id, Object value) {
        return result(id, TaskState.SUCCESS, 3).result(TaskJson.tree(value)).build();
    }

    private static TaskResult.Builder result(String id, TaskState state, long revision) {
        return TaskResult.of(Task.named("demo.add").id(id).build(), "default", state)
                .attempt(1)
                .revision(revision);
    }

    private void publish(TaskResult result) {
        producer.send(
                new ProducerRecord<>(topics.topics().results(), result.id().getBytes(UTF_8), TaskJson.bytes(result)));
    }
}

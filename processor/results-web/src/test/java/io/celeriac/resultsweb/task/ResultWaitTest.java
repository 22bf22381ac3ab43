package io.celeriac.resultsweb.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.resultsweb.event.ResultListener;
import io.celeriac.web.loop.Loops;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

/** Whoever waits must get the result as soon as it goes by, and without the database. */
class ResultWaitTest {

    private static final TopicPartition PARTITION = new TopicPartition("results", 0);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("latest");
    private final Map<String, TaskResult> database = new ConcurrentHashMap<>();
    private final ResultWatcher watcher = new ResultWatcher(
            () -> consumer, "results", RedactionRules.NONE, new Deaf(), 1 << 20, new Loops(new SimpleMeterRegistry()));
    private final ResultWait reader = new ResultWait(this::ask, watcher, Runnable::run);
    private volatile boolean databaseAway;
    private long offset;

    @BeforeEach
    void start() {
        var node = new Node(1, "localhost", 9092);
        consumer.updatePartitions(
                "results", List.of(new PartitionInfo("results", 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 0L));
        watcher.start();
    }

    @AfterEach
    void close() {
        watcher.close();
    }

    @Test
    void aWaiterGetsTheRecordThatGoesBy() {
        databaseAway = true;
        var waiting = reader.await("a", LONG);
        publish(result("a", TaskState.STARTED, 1));
        publish(result("b", TaskState.SUCCESS, 1));
        publish(result("a", TaskState.SUCCESS, 2));

        assertThat(waiting).succeedsWithin(LONG).isEqualTo(Optional.of(result("a", TaskState.SUCCESS, 2)));
        assertThat(watcher.waiting()).isZero();
    }

    @Test
    void whoComesLateGetsWhatWentByLately() {
        databaseAway = true;
        publish(result("late", TaskState.SUCCESS, 1));
        await().until(() -> watcher.latest("late").isPresent());

        assertThat(reader.await("late", LONG)).isCompleted();
        assertThat(reader.find("late")).isPresent();
    }

    @Test
    void aFinalRowIsAnsweredAtOnce() {
        database.put("old", result("old", TaskState.FAILURE, 4));

        assertThat(reader.await("old", LONG)).isCompletedWithValue(Optional.of(result("old", TaskState.FAILURE, 4)));
        assertThat(watcher.waiting()).isZero();
    }

    /** An Idempotency-Key of yesterday: who has the receipt of today's submission is not told yesterday's outcome. */
    @Test
    void withAReceiptAnEarlierRunOfTheIdIsNoAnswerUnlessTheNewRecordIsItsDuplicate() {
        var now = Instant.parse("2026-01-31T12:00:00Z");
        database.put("again", run("again", 5, now.minus(Duration.ofDays(1))));

        assertThat(reader.await("again", LONG)).isCompleted();
        assertThat(reader.await("again", LONG, AwaitedRun.of("q-3-5", now))).isCompleted();
        assertThat(reader.await("again", LONG, AwaitedRun.of("q-4-9", now))).isCompleted();
        var waiting = reader.await("again", LONG, AwaitedRun.of("q-3-9", now));
        assertThat(waiting).isNotCompleted();
        publish(run("again", 9, now));
        assertThat(waiting).succeedsWithin(LONG).isEqualTo(Optional.of(run("again", 9, now)));

        database.put("twice", run("twice", 5, now.minusSeconds(60)));
        assertThat(reader.await("twice", LONG, AwaitedRun.of("q-3-9", now))).isCompleted();
    }

    @Test
    void aRunThatGoesByIsFresherThanTheOutcomeOfAnEarlierOne() {
        var yesterday = Instant.parse("2026-01-30T12:00:00Z");
        database.put("again", submitted(TaskState.SUCCESS, 7, yesterday));
        var started = submitted(TaskState.STARTED, 1, yesterday.plus(Duration.ofDays(1)));
        publish(started);
        await().until(() -> watcher.latest("again").isPresent());

        assertThat(reader.find("again")).contains(started);
    }

    private static TaskResult submitted(TaskState state, long revision, Instant at) {
        return TaskResult.of(Task.named("t").id("again").submittedAt(at).build(), "q", state)
                .revision(revision)
                .build();
    }

    private static TaskResult run(String id, long offset, Instant finishedAt) {
        return TaskResult.of(Task.named("t").id(id).build(), "q", TaskState.SUCCESS)
                .at(3, offset)
                .finishedAt(finishedAt)
                .build();
    }

    @Test
    void theLatestStateIsAnsweredWhenTheTimeIsOver() {
        database.put("slow", result("slow", TaskState.STARTED, 1));

        assertThat(reader.await("slow", Duration.ofMillis(50)))
                .succeedsWithin(LONG)
                .isEqualTo(Optional.of(result("slow", TaskState.STARTED, 1)));
        assertThat(reader.await("unknown", Duration.ZERO)).succeedsWithin(LONG).isEqualTo(Optional.empty());
        assertThat(watcher.waiting()).isZero();
    }

    @Test
    void aDatabaseThatIsAwayShowsOnlyWhenNothingElseIsKnown() {
        databaseAway = true;

        assertThatThrownBy(() -> reader.find("a")).isInstanceOf(DataAccessResourceFailureException.class);
        assertThat(reader.await("a", Duration.ofMillis(50)))
                .failsWithin(LONG)
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .withCauseInstanceOf(DataAccessResourceFailureException.class);
    }

    @Test
    void theFresherOfTopicAndDatabaseIsAnswered() {
        database.put("a", result("a", TaskState.RETRY, 3));
        publish(result("a", TaskState.STARTED, 2));
        await().until(() -> watcher.latest("a").isPresent());
        assertThat(reader.find("a")).contains(result("a", TaskState.RETRY, 3));

        publish(result("a", TaskState.STARTED, 4));
        await().until(() -> watcher.latest("a").orElseThrow().revision() == 4);
        assertThat(reader.find("a")).contains(result("a", TaskState.STARTED, 4));
    }

    @Test
    void anUnreadableRecordIsPassedOver() {
        var waiting = reader.await("a", LONG);
        publish("a", "{".getBytes(UTF_8));
        publish(result("a", TaskState.SUCCESS, 1));

        assertThat(waiting).succeedsWithin(LONG);
    }

    private Optional<TaskResult> ask(String id) {
        if (databaseAway) {
            throw new DataAccessResourceFailureException("away");
        }
        return Optional.ofNullable(database.get(id));
    }

    private void publish(TaskResult result) {
        publish(result.id(), TaskJson.bytes(result));
    }

    private void publish(String id, byte[] value) {
        var record = new ConsumerRecord<>("results", 0, offset++, id.getBytes(UTF_8), value);
        consumer.schedulePollTask(() -> consumer.addRecord(record));
    }

    private static TaskResult result(String id, TaskState state, long revision) {
        return TaskResult.of(Task.named("demo").id(id).build(), "default", state)
                .revision(revision)
                .build();
    }

    private static final class Deaf implements ResultListener {
        @Override
        public void begins(Map<Integer, Long> nextOffsets) {}

        @Override
        public void polled(ConsumerRecords<byte[], byte[]> records) {}
    }
}

package io.celeriac.engine.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.topic.ConsumedRecords;
import io.celeriac.engine.topic.QueueOffsets;
import io.celeriac.engine.topic.QueueTopics;
import io.celeriac.engine.topic.UnfitTopicsException;
import io.celeriac.engine.topic.UnreadGaps;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What workers take from a queue's topic, what they delete of it, and what they say when it is not as they left it. */
class TasksTopicIT {

    private static final String KAFKA = TestStack.kafka().bootstrapServers();

    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private TestQueue queue;
    private TestWorkers workers;

    @BeforeAll
    static void letStreamThreadsFail() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @BeforeEach
    void begin() {
        queue = new TestQueue(KAFKA, TestStack.uniqueName("topic"), 1);
        workers = new TestWorkers(queue, KAFKA);
    }

    @AfterEach
    void close() {
        gate.countDown();
        workers.close();
        queue.close();
    }

    /** Its sender has taken it back. */
    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void doesNotRunATaskOfAnAbortedTransaction(Guarantee guarantee) throws Exception {
        start(guarantee, Map.of());
        try (var sender = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", KAFKA, "transactional.id", TestStack.uniqueName("tx")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            sender.initTransactions();
            sender.beginTransaction();
            sender.send(record("aborted")).get();
            await().during(ofSeconds(1)).until(ran::isEmpty);
            sender.abortTransaction();
        }
        queue.submit(Task.named("note").id("after").build());

        queue.awaitFinal(1);

        assertThat(ran).containsExactly("after");
    }

    @Test
    void deletesWhatWasTakenLongEnoughAgoAndNothingElse() {
        var topics = QueueTopics.of("default", queue.settings());
        var clock = MutableClock.at(Instant.now());
        var consumed = new ConsumedRecords(topics, ofHours(1), clock);
        submit(10);
        try (var admin = admin()) {
            commit(3);
            look(consumed, admin, topics);
            clock.advance(ofMinutes(30));
            commit(6);
            look(consumed, admin, topics);
            clock.advance(ofMinutes(29));
            look(consumed, admin, topics);
            assertThat(start(admin, topics)).isZero();

            clock.advance(ofMinutes(1));
            look(consumed, admin, topics);
            assertThat(start(admin, topics)).isEqualTo(3);

            clock.advance(ofHours(10));
            assertThat(consumed.isDue()).isTrue();
            look(consumed, admin, topics);
            assertThat(start(admin, topics)).isEqualTo(6);
        }
    }

    /** A time limit that somebody has set, while no worker was there. */
    @Test
    void raisesTheAlarmWhenUnreadTasksWereDeleted() {
        submit(10);
        commit(2);
        queue.deleteBefore(0, 7);
        try (var log = new LogLines(UnreadGaps.class)) {
            var worker = start(Guarantee.AT_LEAST_ONCE, Map.of());
            queue.awaitFinal(3);

            assertThat(log.lines()).singleElement().asString().contains("the records 2 to 6 of", "has lost tasks");
            assertThat(missed()).isEqualTo(5);
            assertThat(worker.conditions().get("queue.default").reason()).contains("2 to 6");
        }
        assertThat(ran).containsExactlyInAnyOrder("t7", "t8", "t9");
    }

    /** While a partition has enough tasks it is not read, and what is deleted meanwhile would go unnoticed. */
    @Test
    void raisesTheAlarmWhenUnreadTasksAreDeletedWhileItWorks() {
        start(Guarantee.AT_LEAST_ONCE, Map.of("window", 10, "concurrency", 1));
        for (int i = 0; i < 6_000; i++) {
            queue.submit(Task.named("gated").id("t" + i).build());
        }
        queue.flush();
        await().atMost(ofSeconds(30))
                .until(() -> metrics.get("celeriac.partitions.paused").counter().count() > 0);

        queue.deleteBefore(0, 5_990);
        gate.countDown();

        await().atMost(ofSeconds(60)).until(() -> missed() > 0);
        await().atMost(ofSeconds(60)).until(() -> ran.contains("t5999"));
    }

    @Test
    void doesNotStartOnATopicThatHasLessThanWasRead() {
        submit(3);
        commit(50);

        assertThatThrownBy(() -> start(Guarantee.AT_LEAST_ONCE, Map.of()))
                .isInstanceOf(UnfitTopicsException.class)
                .hasMessageContaining("holds records up to 3")
                .hasMessageContaining("read up to 50")
                .hasMessageContaining("--reset-offsets --to-earliest --execute --group "
                        + queue.topics().workerGroup("default") + " --topic "
                        + queue.topics().tasks("default"));
    }

    @Test
    void isDownWhenItsThreadsFailAgainAndAgain() {
        var worker = start(Guarantee.AT_LEAST_ONCE, Map.of());
        queue.with(admin ->
                admin.deleteTopics(List.of(queue.topics().tasks("default"))).all());

        await().atMost(ofMinutes(2))
                .until(() -> worker.conditions().get("queue.default").health() == Condition.Health.DOWN);

        assertThat(worker.conditions().get("queue.default").reason()).contains("MissingSourceTopicException");
        assertThat(worker.conditions().get("control").health()).isEqualTo(Condition.Health.UP);
        assertThat(metrics.get("celeriac.stream.failures").counter().count()).isGreaterThanOrEqualTo(3);
    }

    /** A name that was mistyped would keep tasks where nobody looks. */
    @Test
    void setsANextStepAsideWhoseQueueIsNotThere() {
        start(Guarantee.AT_LEAST_ONCE, Map.of());

        queue.submit(stepTo("nowhere"));
        queue.awaitFinal(1);

        await().atMost(ofSeconds(30)).until(() -> !queue.deadLetters().isEmpty());
        var why = DeadLetter.from(queue.deadLetters().get(0).headers());
        assertThat(why.reason()).isEqualTo(DeadLetter.Reason.UNKNOWN_QUEUE);
        assertThat(why.message()).contains("queue \"nowhere\" has no topic; the queues are default.");
        assertThat(topics()).noneMatch(topic -> topic.endsWith(".nowhere"));
    }

    @Test
    void createsAQueueForANextStepWhereThatIsWanted() {
        start(Guarantee.AT_LEAST_ONCE, Map.of("create-queues", true));

        queue.submit(stepTo("nowhere"));
        queue.awaitFinal(1);

        await().atMost(ofSeconds(30))
                .until(() -> topics().contains(queue.topics().tasks("nowhere")));
        assertThat(queue.deadLetters()).isEmpty();
    }

    private static Task stepTo(String other) {
        return Task.named("note")
                .id("parent")
                .onSuccess(List.of(new Signature(Task.named("note").build(), other, true)))
                .build();
    }

    private List<String> topics() {
        return List.copyOf(queue.with(admin -> admin.listTopics().names())).stream()
                .filter(name -> name.startsWith(queue.topics().namespace()))
                .toList();
    }

    private ProducerRecord<byte[], byte[]> record(String id) {
        return new ProducerRecord<>(
                queue.topics().tasks("default"),
                id.getBytes(UTF_8),
                TaskJson.bytes(Task.named("note").id(id).build()));
    }

    private void submit(int tasks) {
        for (int i = 0; i < tasks; i++) {
            queue.submit(Task.named("note").id("t" + i).build());
        }
        queue.flush();
    }

    private void commit(long offset) {
        var place = new TopicPartition(queue.topics().tasks("default"), 0);
        queue.with(admin -> admin.alterConsumerGroupOffsets(
                        queue.topics().workerGroup("default"), Map.of(place, new OffsetAndMetadata(offset)))
                .all());
    }

    private static void look(ConsumedRecords consumed, Admin admin, QueueTopics topics) {
        consumed.look(admin, QueueOffsets.of(admin, topics));
    }

    private static long start(Admin admin, QueueTopics topics) {
        return QueueOffsets.of(admin, topics).starts().get(new TopicPartition(topics.tasks(), 0));
    }

    private static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", KAFKA));
    }

    private double missed() {
        return metrics.get("celeriac.records.missed").counter().count();
    }

    private Worker start(Guarantee guarantee, Map<String, Object> settings) {
        var handlers = List.of(
                Handler.of("note", (task, context) -> ran.add(context.id())), Handler.of("gated", (task, context) -> {
                    gate.await();
                    return ran.add(context.id());
                }));
        return workers.start(guarantee, handlers, settings, InstantSource.system(), metrics);
    }
}

package io.celeriac.client.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.client.Delivery;
import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskSender;
import io.celeriac.client.TaskType;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What an outbox does over a real broker, whatever the database is. */
abstract class OutboxContract {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final TopicProperties topics = new TopicProperties(TestStack.uniqueName("outbox"), 3, null);
    private final Map<String, Object> kafka = Map.of(
            "bootstrap.servers",
            TestStack.kafka().bootstrapServers(),
            "key.serializer",
            ByteArraySerializer.class,
            "value.serializer",
            ByteArraySerializer.class);
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka);
    private final Admin admin = Admin.create(kafka);
    private final DataSource database;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final OutboxRepository repository;
    private final List<Outbox> started = new ArrayList<>();

    /**
     * @param database an empty one
     */
    OutboxContract(DataSource database) {
        this.database = database;
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        repository = new OutboxRepository(database);
    }

    @BeforeEach
    void makesTopicsAndTables() {
        topics.provision(admin, List.of("default"));
        repository.createTables();
        repository.shards();
    }

    @AfterEach
    void closes() {
        started.forEach(Outbox::close);
        producer.close();
        admin.close();
    }

    private Outbox relay(Duration lease) {
        var outbox = Outbox.start(
                database,
                kafka,
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                kafka,
                topics.topics(),
                new OutboxProperties(true, true, Duration.ofMillis(50), lease, 100),
                InstantSource.system());
        started.add(outbox);
        return outbox;
    }

    /** A client that stores, without a relay of its own. */
    private TaskClient client() {
        var sender = new TaskSender(producer, topics.topics(), InstantSource.system()).withRequestsUpTo(4 << 20);
        return new TaskClient(sender)
                .delivering(Delivery.OUTBOX, new OutboxOutlet(repository, InstantSource.system(), () -> {}));
    }

    @Test
    void sendsWhatWasCommittedAndNothingElse() {
        var client = client();
        transaction.executeWithoutResult(
                status -> client.send(task("kept"), o -> o.outbox().header("source", "shop")));
        transaction.executeWithoutResult(status -> {
            client.send(task("rolled-back"), o -> o.outbox());
            status.setRollbackOnly();
        });
        var handle = client.send(task("without-transaction"), o -> o.outbox());

        relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(sent("default")).containsExactlyInAnyOrder("kept", "without-transaction");
        assertThat(handle.receipt()).isCompletedExceptionally();
    }

    @Test
    void keepsTheOrderOfEachKey() {
        var client = client();
        transaction.executeWithoutResult(status -> IntStream.range(0, 1_000)
                .forEach(i -> client.send(task("t" + i), o -> o.outbox().key("key-" + i % 7))));

        relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 0);
        var sent = sent("default");
        assertThat(sent).hasSize(1_000);
        for (int key = 0; key < 7; key++) {
            var remainder = key;
            assertThat(sent.stream()
                            .map(id -> Integer.parseInt(id.substring(1)))
                            .filter(i -> i % 7 == remainder))
                    .isSorted();
        }
    }

    /** However late: the number of the batch is in Kafka, not in a window of time. */
    @Test
    void sendsNothingTwiceAfterARelayThatDiedBetweenSendingAndDeleting() throws Exception {
        var client = client();
        IntStream.range(0, 20)
                .forEach(i -> client.send(task("t" + i), o -> o.outbox().key("one")));
        var shard = shardOf("t0");
        try (var dead = sender(shard)) {
            dead.begin();
            assertThat(dead.sent()).isZero();
            var batch = repository
                    .next(shard, claimed(shard, "dead"), 0, 15, Set.of())
                    .orElseThrow();
            dead.start(batch.number(), batch.rows());
            dead.commit();
        }
        expireLeases();

        relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(sent("default")).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void sendsWhatARelayTookThatDiedBeforeItCommitted() throws Exception {
        var client = client();
        IntStream.range(0, 20)
                .forEach(i -> client.send(task("t" + i), o -> o.outbox().key("one")));
        var shard = shardOf("t0");
        assertThat(repository.next(shard, claimed(shard, "dead"), 0, 15, Set.of()))
                .isPresent();
        expireLeases();

        relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(sent("default")).hasSize(20).doesNotHaveDuplicates();
    }

    /** A relay that was held up for longer than its lease must not send beside its successor. */
    @Test
    void fencesARelayThatLostItsShard() throws Exception {
        var client = client();
        IntStream.range(0, 20)
                .forEach(i -> client.send(task("t" + i), o -> o.outbox().key("one")));
        var shard = shardOf("t0");
        try (var zombie = sender(shard)) {
            zombie.begin();
            var batch = repository
                    .next(shard, claimed(shard, "zombie"), 0, 15, Set.of())
                    .orElseThrow();
            expireLeases();
            relay(Duration.ofSeconds(30));
            await().atMost(SOON).until(() -> rows() == 0);

            assertThatExceptionOfType(ProducerFencedException.class).isThrownBy(() -> {
                zombie.start(batch.number(), batch.rows());
                zombie.commit();
            });
        }
        assertThat(sent("default")).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void sharesTheShardsAmongRelaysAndTakesThoseOfAClosedOne() {
        var client = client();
        var first = relay(Duration.ofSeconds(30));
        relay(Duration.ofSeconds(30));
        transaction.executeWithoutResult(status ->
                IntStream.range(0, 200).forEach(i -> client.send(task("a" + i), o -> o.outbox())));
        first.close();
        transaction.executeWithoutResult(status ->
                IntStream.range(0, 200).forEach(i -> client.send(task("b" + i), o -> o.outbox())));

        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(sent("default")).hasSize(400).doesNotHaveDuplicates();
    }

    @Test
    void setsARecordAsideThatTheBrokerRefusesAndSendsTheRest() {
        var client = client();
        client.send(task("before"), o -> o.outbox().key("one"));
        client.send(
                task("large").toBuilder().args("x".repeat(1_500_000)).build(),
                o -> o.outbox().key("one"));
        client.send(task("after"), o -> o.outbox().key("one"));

        var outbox = relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 1);
        assertThat(sent("default")).containsExactly("before", "after");
        assertThat(outbox.refused()).isEqualTo(1);
        assertThat(outbox.backlog()).isEqualTo(new Backlog(0, null));
        assertThat(jdbc.sql("SELECT refused FROM task_outbox WHERE task_id = 'large'")
                        .query(String.class)
                        .single())
                .contains("max.request.size");
    }

    /** Kafka is ahead of a database that was restored: what was never sent must not pass for sent. */
    @Test
    void sendsEverythingAfterTheDatabaseWasRestored() throws Exception {
        var client = client();
        client.send(task("first"), o -> o.outbox().key("one"));
        var shard = shardOf("first");
        try (var ahead = sender(shard)) {
            ahead.begin();
            for (int number = 1; number <= 5; number++) {
                ahead.start(number, List.of());
                ahead.commit();
            }
        }
        var batch =
                repository.next(shard, claimed(shard, "me"), 5, 15, Set.of()).orElseThrow();
        assertThat(batch.number()).isEqualTo(6);
        assertThat(repository.next(shard, "me", 5, 15, Set.of()))
                .map(again -> again.rows().get(0).taskId())
                .contains("first");
    }

    @Test
    void goesOnWhenSomebodyHasDeletedABatch() {
        var client = client();
        client.send(task("gone"), o -> o.outbox().key("one"));
        var shard = shardOf("gone");
        assertThat(repository.next(shard, claimed(shard, "me"), 0, 15, Set.of()))
                .isPresent();
        jdbc.sql("DELETE FROM task_outbox").update();
        assertThat(repository.next(shard, "me", 0, 15, Set.of())).isEmpty();
        client.send(task("next"), o -> o.outbox().key("one"));
        assertThat(repository.next(shard, "me", 0, 15, Set.of())).isPresent();
    }

    @Test
    void storesAndClaimsOverConnectionsThatDoNotCommitByThemselves() {
        var config = new HikariConfig();
        config.setDataSource(database);
        config.setAutoCommit(false);
        try (var pool = new HikariDataSource(config)) {
            var over = new OutboxRepository(pool);
            new TaskClient(new TaskSender(producer, topics.topics(), InstantSource.system()))
                    .delivering(Delivery.OUTBOX, new OutboxOutlet(over, InstantSource.system(), () -> {}))
                    .send(task("stored"), o -> o.outbox().key("one"));
            assertThat(rows()).isEqualTo(1);
            var shard = shardOf("stored");
            assertThat(over.claim(shard, "me", 1, Long.MAX_VALUE)).isPresent();
            assertThat(over.next(shard, "me", 0, 15, Set.of())).isPresent();
        }
    }

    @Test
    void storesManyAtOnceInTheirOrder() {
        var client = client();
        client.sendAll(
                TaskType.of("demo.noop", Numbered.class, Void.class),
                IntStream.range(0, 300).mapToObj(Numbered::new).toList(),
                o -> o.outbox().key("one"));

        var outbox = relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> outbox.sent() == 300);
        assertThat(tasks("default"))
                .extracting(task -> task.kwargs().get("number").asInt())
                .containsExactlyElementsOf(IntStream.range(0, 300).boxed().toList());
    }

    @Test
    void holdsTasksOfAQueueWithoutTopicAndSendsTheRest() {
        var client = client();
        client.send(task("early"), o -> o.outbox().queue("new").key("one"));
        client.send(task("other"), o -> o.outbox().key("one"));

        relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 1);
        assertThat(sent("default")).containsExactly("other");
        topics.provision(admin, List.of("new"));
        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(sent("new")).containsExactly("early");
    }

    @Test
    void tellsWhatWaitsAndWhatItHasSent() {
        var before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var client = client();
        assertThat(repository.backlog()).isEqualTo(new Backlog(0, null));
        IntStream.range(0, 3).forEach(i -> client.send(task("t" + i), o -> o.outbox()));
        assertThat(repository.backlog().rows()).isEqualTo(3);
        assertThat(repository.backlog().oldestAt()).isBetween(before, Instant.now());

        var outbox = relay(Duration.ofSeconds(30));

        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(outbox.sent()).isEqualTo(3);
        assertThat(outbox.backlog()).isEqualTo(new Backlog(0, null));
    }

    @Test
    void measuresWhatWaits() {
        var clock = MutableClock.at(Instant.now());
        var client = client();
        IntStream.range(0, 3)
                .forEach(i -> client.send(task("t" + i), o -> o.outbox().queue("nowhere")));
        var registry = new SimpleMeterRegistry();
        new OutboxMetrics(relay(Duration.ofSeconds(30)), clock).bindTo(registry);

        clock.advance(Duration.ofMinutes(1));
        assertThat(registry.get("celeriac.outbox.backlog").gauge().value()).isEqualTo(3);
        assertThat(registry.get("celeriac.outbox.oldest.age").gauge().value()).isBetween(50.0, 120.0);
        assertThat(registry.get("celeriac.outbox.sent").functionCounter().count())
                .isZero();
        assertThat(registry.get("celeriac.outbox.refused").functionCounter().count())
                .isZero();

        jdbc.sql("ALTER TABLE task_outbox RENAME TO hidden").update();
        assertThat(registry.get("celeriac.outbox.backlog").gauge().value())
                .as("asked a moment ago")
                .isEqualTo(3);
        clock.advance(Duration.ofSeconds(5));
        assertThat(registry.get("celeriac.outbox.backlog").gauge().value()).isNaN();
        assertThat(registry.get("celeriac.outbox.oldest.age").gauge().value()).isNaN();
    }

    @Test
    void tellsWhyNothingIsSentUntilItIs() {
        var outbox = relay(Duration.ofSeconds(30));
        await().atMost(SOON).until(() -> outbox.failing().isEmpty());

        jdbc.sql("ALTER TABLE task_outbox_shard RENAME TO hidden").update();
        await().atMost(SOON).until(() -> outbox.failing().isPresent());
        assertThat(outbox.failing().orElseThrow().isFinal()).isFalse();
        assertThat(outbox.failure().orElseThrow()).contains("task_outbox_shard");

        jdbc.sql("ALTER TABLE hidden RENAME TO task_outbox_shard").update();
        await().atMost(SOON).until(() -> outbox.failing().isEmpty());
        client().send(task("later"), o -> o.outbox());
        await().atMost(SOON).until(() -> rows() == 0);
        assertThat(sent("default")).containsExactly("later");
    }

    record Numbered(int number) {}

    private static Task task(String id) {
        return Task.named("demo.noop").id(id).build();
    }

    private String claimed(int shard, String owner) {
        assertThat(repository.claim(shard, owner, 1, Long.MAX_VALUE)).isPresent();
        return owner;
    }

    private void expireLeases() {
        jdbc.sql("UPDATE task_outbox_shard SET leased_until = 0").update();
    }

    private ShardSender sender(int shard) {
        var outbox = jdbc.sql("SELECT outbox FROM task_outbox_shard WHERE shard = ?")
                .param(shard)
                .query(String.class)
                .single();
        return Outbox.sender(
                kafka,
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                topics.topics(),
                new OutboxRepository.Shard(shard, outbox));
    }

    private int shardOf(String taskId) {
        return jdbc.sql("SELECT shard FROM task_outbox WHERE task_id = ?")
                .param(taskId)
                .query(Integer.class)
                .single();
    }

    private int rows() {
        return jdbc.sql("SELECT COUNT(*) FROM task_outbox").query(Integer.class).single();
    }

    /** The ids on a queue's topic, as a worker sees them. */
    private List<String> sent(String queue) {
        return tasks(queue).stream().map(Task::id).toList();
    }

    private List<Task> tasks(String queue) {
        var config = Map.<String, Object>of(
                "bootstrap.servers", TestStack.kafka().bootstrapServers(), "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topics.topics().tasks(queue)).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var tasks = new ArrayList<Task>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> tasks.add(TaskJson.task(record.value())));
            }
            return tasks;
        }
    }
}

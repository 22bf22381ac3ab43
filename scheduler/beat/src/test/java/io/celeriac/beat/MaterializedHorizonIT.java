package io.celeriac.beat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.topic.Topics;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far results are, on a real broker, with positions of the test's. */
class MaterializedHorizonIT {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    private final Topics topics = new Topics(TestStack.uniqueName("horizon"));
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()));
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private final Map<Integer, Long> next = new HashMap<>();
    private int looks;
    private final MaterializedHorizon horizon = new MaterializedHorizon(admin, topics, this::next);

    private Optional<Long> next(TopicIdPartition partition) {
        looks++;
        return Optional.ofNullable(next.get(partition.partition()));
    }

    @BeforeEach
    void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(topics.tasks("default"), 3, (short) 1)))
                .all()
                .get();
    }

    @AfterEach
    void close() {
        producer.close();
        admin.close();
    }

    private void send(int partition, int records) throws Exception {
        for (var i = 0; i < records; i++) {
            producer.send(new ProducerRecord<>(topics.tasks("default"), partition, null, new byte[] {'{', '}'}))
                    .get();
        }
    }

    @Test
    void isPassedOnceAllIsReadThatWasThereWhenItWasAsked() throws Exception {
        send(0, 2);
        send(1, 1);
        next.put(0, 2L);
        assertThat(horizon.isPassed("default", NOON, NOON)).isFalse();

        send(0, 5); // what comes later is not waited for
        next.put(1, 1L);
        assertThat(horizon.isPassed("default", NOON, NOON.plusSeconds(1))).isTrue();
        assertThat(horizon.isPassed("default", NOON.plusSeconds(1), NOON.plusSeconds(1)))
                .as("asked later")
                .isFalse();
        next.put(0, 7L);
        assertThat(horizon.isPassed("default", NOON.plusSeconds(1), NOON.plusSeconds(2)))
                .isTrue();
    }

    @Test
    void isPassedWhereNothingWasEverSentOrRead() throws Exception {
        assertThat(horizon.isPassed("default", NOON, NOON)).isTrue();
        assertThat(horizon.isPassed("none", NOON, NOON)).isTrue();
        send(0, 1);
        assertThat(horizon.isPassed("default", NOON.plusSeconds(1), NOON.plusSeconds(1)))
                .as("by nobody")
                .isTrue();
    }

    /** Else every missed firing of the queue would wait for as long as there is patience, until this program is started anew. */
    @Test
    void doesNotAwaitTheEndsOfATopicThatWasMadeAnew() throws Exception {
        send(0, 5);
        next.put(0, 0L);
        assertThat(horizon.isPassed("default", NOON, NOON)).isFalse();
        admin.deleteTopics(List.of(topics.tasks("default"))).all().get();
        createTopicAnew();
        send(0, 1);
        next.put(0, 1L);

        assertThat(horizon.isPassed("default", NOON, NOON.plusSeconds(5))).isTrue();
    }

    private void createTopicAnew() {
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            createTopic();
            return true;
        });
    }

    @Test
    void asksTheTablesOnceForABatch() throws Exception {
        send(0, 1);
        next.put(0, 0L);
        for (var schedule = 0; schedule < 100; schedule++) {
            assertThat(horizon.isPassed("default", NOON, NOON)).isFalse();
        }
        assertThat(looks).isEqualTo(1);
    }
}

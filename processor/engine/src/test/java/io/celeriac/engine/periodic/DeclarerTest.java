package io.celeriac.engine.periodic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.schedule.RegisterPolicy;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.schedule.ScheduleDeclaration.Declared;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class DeclarerTest {

    private static final TopicPartition CONTROL = new TopicPartition("celeriac.control", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration NEVER = Duration.ofDays(1);

    private final ScheduleDeclaration declaration = new ScheduleDeclaration("shop", false, List.of());
    private final ConcurrentLinkedQueue<ProducerRecord<byte[], byte[]>> published = new ConcurrentLinkedQueue<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final DeclarationTopic topic = new DeclarationTopic(CONTROL.topic(), this::producer, this::consumer);
    private volatile boolean working = true;

    /** A broker that fails as often as it is told to. */
    private Producer<byte[], byte[]> producer() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata> send(
                    ProducerRecord<byte[], byte[]> record) {
                if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new TimeoutException("the broker is away");
                }
                published.add(record);
                return super.send(record);
            }
        };
    }

    private Consumer<byte[], byte[]> consumer() {
        var consumer = new MockConsumer<byte[], byte[]>("earliest");
        var all = List.copyOf(published);
        consumer.updateBeginningOffsets(Map.of(CONTROL, 0L));
        consumer.updateEndOffsets(Map.of(CONTROL, (long) all.size()));
        consumer.schedulePollTask(() -> {
            for (var offset = 0; offset < all.size(); offset++) {
                consumer.addRecord(new ConsumerRecord<>(
                        CONTROL.topic(),
                        0,
                        offset,
                        all.get(offset).key(),
                        all.get(offset).value()));
            }
        });
        return consumer;
    }

    @Test
    void publishesOnceTheWorkerRuns() {
        working = false;
        try (var declarer = declarer(NEVER)) {
            declarer.start();
            await().during(Duration.ofMillis(500)).atMost(PATIENCE).until(published::isEmpty);

            working = true;

            await().atMost(PATIENCE).until(() -> published.size() == 1);
            var record = published.element();
            assertThat(record.topic()).isEqualTo(CONTROL.topic());
            assertThat(new String(record.key(), UTF_8)).isEqualTo("schedules/shop");
            assertThat(TaskJson.declaration(record.value())).isEqualTo(declaration);
        }
    }

    @Test
    void triesUntilTheBrokerTakesIt() {
        failures.set(3);
        try (var declarer = declarer(NEVER)) {
            declarer.start();

            await().atMost(PATIENCE).until(() -> published.size() == 1);
            assertThat(failures).hasValue(0);
        }
    }

    @Test
    void publishesAgainSoThatTheTopicKeepsIt() {
        try (var declarer = declarer(Duration.ofMillis(10))) {
            declarer.start();

            await().atMost(PATIENCE).until(() -> published.size() >= 3);
        }
    }

    /** While a new version is rolled out, one that is about to go must not set the schedules back. */
    @Test
    void doesNotRepeatItselfWhenAnotherVersionHasDeclaredSince() {
        try (var declarer = declarer(Duration.ofMillis(300))) {
            declarer.start();
            await().atMost(PATIENCE).until(() -> !published.isEmpty());
            var other = new ScheduleDeclaration("shop", true, List.of());
            published.add(new ProducerRecord<>(CONTROL.topic(), other.key().getBytes(UTF_8), other.bytes()));
            var size = published.size();

            await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(() -> published.size() == size);

            published.add(new ProducerRecord<>(CONTROL.topic(), "schedules/mall".getBytes(UTF_8), new byte[0]));
            published.add(new ProducerRecord<>(CONTROL.topic(), other.key().getBytes(UTF_8), null));
            await().atMost(PATIENCE).until(() -> published.size() > size + 2);
        }
    }

    @Test
    void refusesAtOnceWhatNoRecordHolds() {
        var huge = TaskJson.MAPPER.createObjectNode().put("name", "x".repeat(2_000_000));
        var declared = new ScheduleDeclaration("shop", false, List.of(new Declared(RegisterPolicy.UPDATE, huge)));

        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> new Declarer(declared, () -> true, topic).close());
    }

    /** Whatever it fails of: a thread that has died declares nothing more, and nobody would see why. */
    @Test
    void triesAgainAfterAFailureThatNobodyThoughtOf() {
        var asked = new AtomicInteger();
        var made = new AtomicInteger();
        var odd = new DeclarationTopic(
                CONTROL.topic(),
                () -> {
                    if (made.getAndIncrement() == 0) {
                        throw new IllegalStateException("no client could be made");
                    }
                    return producer();
                },
                this::consumer);
        try (var declarer = new Declarer(
                declaration,
                () -> {
                    if (asked.getAndIncrement() == 0) {
                        throw new IllegalStateException("nobody knows");
                    }
                    return true;
                },
                odd,
                Duration.ofMillis(10),
                NEVER)) {
            declarer.start();

            await().atMost(PATIENCE).until(() -> published.size() == 1);
        }
    }

    private Declarer declarer(Duration again) {
        return new Declarer(declaration, () -> working, topic, Duration.ofMillis(10), again);
    }
}

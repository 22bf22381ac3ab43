package io.celeriac.engine.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.control.PurgeCommand;
import io.celeriac.contract.control.WorkerCommand;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An order must reach every worker: one whose consumer has failed gets another, and says that it heard nothing meanwhile. */
class ControlReaderTest {

    private static final Uuid TOPIC_ID = Uuid.randomUuid();
    private static final TopicPartition CONTROL = new TopicPartition("celeriac.control", 0);

    private final RevokedTasks revoked = new RevokedTasks(Duration.ofDays(7), topic -> TOPIC_ID);
    private final List<Cluster> clusters = List.of(new Cluster(), new Cluster(), new Cluster());
    private final ConcurrentLinkedQueue<Cluster> left = new ConcurrentLinkedQueue<>(clusters);
    private final ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
    private final Counter failed = new SimpleMeterRegistry().counter("failures");
    private Consumer<Command> listener = command -> heard.add(command.id());
    private ControlReader reader = reader(ofMillis(1));

    @AfterEach
    void close() {
        reader.close();
    }

    /** What one consumer of the control topic sees. */
    private static final class Cluster extends MockConsumer<byte[], byte[]> {

        private long end;

        Cluster() {
            super("earliest");
            updateBeginningOffsets(Map.of(CONTROL, 0L));
            updateEndOffsets(Map.of(CONTROL, 0L));
        }

        void holds(String... ids) {
            schedulePollTask(() -> List.of(ids).forEach(this::add));
        }

        private void add(String id) {
            add(
                    id,
                    TaskJson.bytes(
                            Command.revoke(id, false, InstantSource.system().instant())));
        }

        void holds(byte[] value) {
            schedulePollTask(() -> add("other", value));
        }

        private void add(String id, byte[] command) {
            var now = InstantSource.system().instant();
            addRecord(new ConsumerRecord<>(
                    CONTROL.topic(),
                    CONTROL.partition(),
                    end++,
                    now.toEpochMilli(),
                    TimestampType.CREATE_TIME,
                    id.length(),
                    command.length,
                    id.getBytes(UTF_8),
                    command,
                    new RecordHeaders(),
                    Optional.empty()));
        }

        void fails(KafkaException failure) {
            schedulePollTask(() -> setPollException(failure));
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1)); // as a real one, it takes a moment
            return super.poll(timeout);
        }
    }

    @Test
    void goesOnWithAnotherConsumerWhenOneHasFailed() throws InterruptedException {
        clusters.get(0).holds("a", "b");
        clusters.get(0).fails(new TopicAuthorizationException("rights were taken away"));
        clusters.get(1).fails(new TopicAuthorizationException("not yet given back"));
        clusters.get(2).holds("a", "b", "c");

        reader.start(ofSeconds(10));

        await().atMost(ofSeconds(10)).until(() -> revoked.contains("c"));
        assertThat(heard).as("each once").containsExactly("a", "b", "c");
        await().atMost(ofSeconds(10)).until(() -> reader.trouble().isEmpty());
    }

    @Test
    void saysThatItHearsNothing() throws InterruptedException {
        reader = reader(ofSeconds(60));
        reader.start(ofSeconds(10));
        assertThat(reader.trouble()).isEmpty();

        clusters.get(0).fails(new TopicAuthorizationException("rights were taken away"));

        await().atMost(ofSeconds(10)).until(() -> reader.trouble().isPresent());
        assertThat(reader.trouble().orElseThrow()).contains("rights were taken away");
    }

    @Test
    void tellsAStartThatFailsWhy() {
        clusters.forEach(cluster -> cluster.setOffsetsException(new TopicAuthorizationException("no rights at all")));

        assertThatIllegalStateException()
                .isThrownBy(() -> reader(ofSeconds(60)).start(ofMillis(500)))
                .withMessageContaining("no rights at all");
    }

    @Test
    void outlivesAListenerThatThrows() throws InterruptedException {
        listener = command -> {
            heard.add(command.id());
            if (command.id().equals("a")) {
                throw new IllegalStateException("a listener's own trouble");
            }
        };
        clusters.get(0).holds("a", "b");

        reader.start(ofSeconds(10));

        await().atMost(ofSeconds(10)).until(() -> revoked.contains("b"));
        assertThat(heard).containsExactly("a", "b");
    }

    /** The topic has orders for others, and one day has some that this version does not know. */
    @Test
    void passesOverWhatIsNotForWorkers() throws InterruptedException {
        clusters.get(0).holds(new ScheduleDeclaration("shop", true, List.of()).bytes());
        clusters.get(0).holds("{\"command\":\"yet-to-come\",\"id\":\"x\"}".getBytes(UTF_8));
        clusters.get(0).holds("no JSON".getBytes(UTF_8));
        clusters.get(0).holds("a");

        reader.start(ofSeconds(10));

        await().atMost(ofSeconds(10)).until(() -> revoked.contains("a"));
        assertThat(heard).containsExactly("a");
        assertThat(revoked.contains("x")).isFalse();
        assertThat(reader.trouble()).isEmpty();
    }

    /** Whatever a record holds, the orders behind it are heard. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"command\":null}",
                "{\"command\":1e99999999999}",
                "{\"command\":\"revoke\"}",
                "{\"command\":\"revoke\",\"id\":1e99999999999,\"terminate\":1e99999999999}",
                "{\"command\":\"revoke\",\"id\":\"\\ud83c\",\"at\":\"+999999999-12-31T23:59:59Z\"}",
                "{\"command\":\"revoke\",\"command\":\"revoke\",\"id\":\"x\"",
                "\u0000\u0001"
            })
    void goesOnWhateverARecordHolds(String value) throws InterruptedException {
        clusters.get(0).holds(value.getBytes(UTF_8));
        clusters.get(0).holds("[".repeat(100_000).getBytes(UTF_8));
        clusters.get(0).holds(new byte[] {(byte) 0xff, (byte) 0xfe});
        clusters.get(0).holds("a");

        reader.start(ofSeconds(10));

        await().atMost(ofSeconds(10)).until(() -> revoked.contains("a"));
        assertThat(failed.count()).isZero();
    }

    @Test
    void outlivesAnErrorOfAListener() throws InterruptedException {
        listener = command -> {
            heard.add(command.id());
            if (heard.size() == 1) {
                throw new NoClassDefFoundError("a listener's own trouble");
            }
        };
        clusters.get(0).holds("a", "b");
        clusters.get(1).holds("a", "b");

        reader.start(ofSeconds(10));

        await().atMost(ofSeconds(10)).until(() -> revoked.contains("b"));
        assertThat(failed.count()).isEqualTo(1);
    }

    @Test
    void isDownWhenThreeConsumersHaveFailedInARow() {
        clusters.forEach(cluster -> cluster.setOffsetsException(new TopicAuthorizationException("no rights at all")));
        assertThatIllegalStateException().isThrownBy(() -> reader.start(ofMillis(500)));

        assertThat(reader.isDown()).isTrue();
        assertThat(reader.trouble()).isPresent();
        assertThat(failed.count()).isGreaterThanOrEqualTo(3);
    }

    private ControlReader reader(Duration backoff) {
        return new ControlReader(
                left::remove,
                CONTROL.topic(),
                revoked,
                new ControlReader.Listener() {
                    @Override
                    public void revoked(Command command) {
                        listener.accept(command);
                    }

                    @Override
                    public void purged(PurgeCommand command) {
                        heard.add(command.id());
                    }

                    @Override
                    public void told(WorkerCommand command) {
                        heard.add(command.id());
                    }
                },
                InstantSource.system(),
                failed,
                backoff);
    }
}

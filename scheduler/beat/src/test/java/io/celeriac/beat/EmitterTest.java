package io.celeriac.beat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.beat.Emitter.Sending;
import io.celeriac.beat.SickPartitions.Place;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.schedule.Schedule;
import io.celeriac.schedule.StoredSchedule;
import io.celeriac.schedule.StoredSchedule.Progress;
import io.celeriac.schedule.StoredSchedule.Signed;
import io.celeriac.schedule.TaskTemplate;
import io.celeriac.schedule.firing.Plan;
import io.celeriac.schedule.firing.SentTasks;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.testkit.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class EmitterTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final int PARTITIONS = 4;
    private static final int SILENT = 2;

    private final MutableClock clock = MutableClock.at("2026-01-31T12:00:00Z");
    private final List<String> sent = new ArrayList<>();
    private final List<String> required = new ArrayList<>();
    private final Map<String, Callback> waiting = new ConcurrentHashMap<>();
    private boolean silent = true;

    private final Emitter emitter = emitter(Duration.ofMillis(200));

    private Emitter emitter(Duration patience) {
        return new Emitter(
                new TaskSender(producer(), new Topics("celeriac"), clock),
                new FixedQueues(),
                new Sending(new SentTasks(), new SickPartitions()),
                new BeatMetrics(new SimpleMeterRegistry()),
                new Outage("The broker"),
                clock,
                patience);
    }

    /** Where a task goes follows from its number. */
    private final class FixedQueues implements Queues {

        @Override
        public void require(String queue) {
            if (queue.startsWith("bad")) {
                required.add(queue);
                throw new IllegalStateException("no such queue");
            }
        }

        @Override
        public Optional<Place> place(String queue, String id) {
            return Optional.of(new Place(queue, Integer.parseInt(id) % PARTITIONS));
        }

        @Override
        public void answered(Place place) {}

        @Override
        public void forget(String queue) {}
    }

    /** One partition does not answer: what goes to the others moves on, and what goes there is neither sent again nor waited for. */
    @Test
    void delaysOnlyTheFiringsOfAPartitionThatDoesNotAnswer() {
        assertThat(numbers(emitter.emit(plans(0, 8)))).containsExactly(0, 1, 3, 4, 5, 7);
        assertThat(sent).hasSize(8);

        var begun = System.nanoTime();
        assertThat(numbers(emitter.emit(plans(2, 7)))).containsExactly(3, 4, 5);
        assertThat(numbers(emitter.emit(plans(8, 12)))).containsExactly(8, 9, 11);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(200));
        assertThat(sent).doesNotContain("10");

        clock.advance(Duration.ofMillis(1_001)); // it is tried again, with what is underway
        assertThat(numbers(emitter.emit(plans(2, 3)))).isEmpty();
        assertThat(sent.stream().filter("2"::equals)).hasSize(1);

        silent = false;
        waiting.forEach((id, callback) -> answer(Integer.parseInt(id), callback));
        assertThat(numbers(emitter.emit(plans(2, 12)))).hasSize(10);
        assertThat(sent.stream().filter("2"::equals)).hasSize(1);
        assertThat(sent).contains("10");
    }

    /** Queues that take nothing keep no other, however many they are and in whatever order they come; nor is each of their tasks tried. */
    @Test
    void firesOthersWhateverNumberOfQueuesTakesNothing() {
        var patient = emitter(Duration.ofMinutes(1));
        var plans = List.of(
                One.of(0, "bad-a", 100),
                One.of(1, "bad-b", 1),
                One.of(4, "bad-a", 1),
                One.of(5, "bad-c", 1),
                One.of(3));

        assertThat(numbers(patient.emit(plans))).containsExactly(3);
        assertThat(required).containsExactly("bad-a", "bad-b", "bad-c");
        assertThat(numbers(patient.emit(plans))).containsExactly(3);
        assertThat(required).hasSize(3); // they are left alone for a while

        clock.advance(Duration.ofMillis(1_001));
        assertThat(numbers(patient.emit(List.of(One.of(0, "bad-a", 1), One.of(7)))))
                .containsExactly(7);
        assertThat(required).hasSize(4);
        assertThat(sent).last().isEqualTo("7"); // what failed the last time is tried behind the others
    }

    /** Where orders are not taken, only those wait that give some: their queue takes tasks all the same. */
    @Test
    void firesOthersWhileNothingCanBeRevoked() {
        var patient = emitter(Duration.ofMinutes(1));
        var first = new One(0, One.of(0).schedule, 1, List.of("x", "y"));
        var second = new One(1, One.of(1).schedule, 1, List.of("z"));

        assertThat(numbers(patient.emit(List.of(first, second, One.of(3))))).containsExactly(3);

        assertThat(sent).containsExactly("x", "3");
        clock.advance(Duration.ofMillis(1_001));
        assertThat(numbers(patient.emit(List.of(first, One.of(7))))).containsExactly(7);
        assertThat(sent).containsExactly("x", "3", "7", "x");
    }

    /** Each failure may take as long as a time-out: when they have used up the patience, the rest waits, and goes first the next time. */
    @Test
    void triesNothingMoreWhenFailuresHaveTakenLongAndBeginsWithTheOthersTheNextTime() {
        var hasty = emitter(Duration.ofNanos(1));
        var plans = List.of(One.of(0, "bad-a", 1), One.of(1, "bad-b", 1), One.of(3));

        assertThat(hasty.emit(plans)).isEmpty();
        assertThat(required).containsExactly("bad-a");
        assertThat(hasty.emit(plans)).isEmpty();
        assertThat(required).containsExactly("bad-a", "bad-b");
        assertThat(numbers(hasty.emit(plans))).containsExactly(3);
    }

    private static List<Integer> numbers(List<One> plans) {
        return plans.stream().map(One::number).toList();
    }

    private static List<One> plans(int from, int to) {
        return IntStream.range(from, to).mapToObj(One::of).toList();
    }

    /** One firing. */
    private record One(int number, StoredSchedule schedule, int count, List<String> toRevoke) implements Plan<One> {

        static One of(int number) {
            return of(number, "default", 1);
        }

        static One of(int number, String queue, int count) {
            var signed = new Signed(NOON, null);
            var schedule = Schedule.named("s" + number)
                    .task(new TaskTemplate("demo.noop", List.of(), Map.of(), queue, null, Map.of()))
                    .every(Duration.ofSeconds(10))
                    .build();
            var stored = new StoredSchedule("id" + number, schedule, Progress.NONE, 1, signed, signed);
            return new One(number, stored, count, List.of());
        }

        @Override
        public List<ScheduleFiring> firings() {
            return Collections.nCopies(
                    count, new ScheduleFiring(NOON, FiringKind.TIMED, String.valueOf(number), NOON, 1, null, NOON));
        }

        @Override
        public List<ScheduleFiring> toSend() {
            return firings();
        }

        @Override
        public Task task(ScheduleFiring firing) {
            return Task.named("demo.noop").id(String.valueOf(number)).build();
        }

        @Override
        public One skipping(ScheduleFiring firing, String reason) {
            throw new IllegalStateException(reason);
        }
    }

    /** Answers at once, but for one partition. */
    @SuppressWarnings("unchecked")
    private Producer<byte[], byte[]> producer() {
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                EmitterTest.class.getClassLoader(), new Class<?>[] {Producer.class}, (self, method, arguments) -> {
                    var record = (ProducerRecord<byte[], byte[]>) arguments[0];
                    var callback = (Callback) arguments[1];
                    var id = new String(record.key(), UTF_8);
                    sent.add(id);
                    if (record.topic().endsWith("control")) {
                        callback.onCompletion(null, new TimeoutException("no such topic"));
                        return null;
                    }
                    if (silent && Integer.parseInt(id) % PARTITIONS == SILENT) {
                        waiting.put(id, callback);
                    } else {
                        answer(Integer.parseInt(id), callback);
                    }
                    return null;
                });
    }

    private static void answer(int number, Callback callback) {
        var partition = new TopicPartition("celeriac.tasks.default", number % PARTITIONS);
        callback.onCompletion(new RecordMetadata(partition, 0, 0, 0, 0, 0), null);
    }
}

package io.celeriac.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.TaskState;
import io.celeriac.results.materializer.ResultChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Results that keep coming, from a thread of its own, as several workers with crashes would write them: revisions of one task
 * out of order and repeated, final states before others. At the end the rows must be what the topic says.
 */
public final class Load implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int IDS = 1_000;

    private final MaterializerFixture fixture;
    private final Random random;
    private final Thread thread = new Thread(this::run, "load");
    private volatile boolean stopped;
    private final AtomicLong sent = new AtomicLong();

    public Load(MaterializerFixture fixture, long seed) {
        this.fixture = fixture;
        this.random = new Random(seed);
        thread.start();
    }

    private void run() {
        while (!stopped) {
            for (var number = 0; number < 200; number++) {
                var states = List.of(TaskState.STARTED, TaskState.RETRY, TaskState.SUCCESS, TaskState.FAILURE);
                fixture.send(TestData.result(
                        "t-" + random.nextInt(IDS), states.get(random.nextInt(states.size())), 1 + random.nextInt(9)));
            }
            fixture.producer.flush();
            sent.addAndGet(200);
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(100).toNanos()); // not quite 2,000 a second: what piles up is read and compared
        }
    }

    /** Waits until that many more were sent, whatever became of them. */
    public void awaitSent(int more) {
        var goal = sent.get() + more;
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> sent.get() >= goal);
    }

    /** Ends, waits until everything is written, and compares each row with the topic. */
    public void endAndCompare() {
        close();
        var topic = read();
        var expected = new HashMap<String, ResultChange>();
        var attempts = new HashMap<String, ResultChange>();
        topic.forEach(change -> {
            var id = change.result().id();
            expected.merge(id, change, (old, next) -> next.replaces(old) ? next : old);
            attempts.merge(
                    id + "/" + change.result().attempt(), change, (old, next) -> next.replaces(old) ? next : old);
        });
        awaitWritten(topic.size());
        expected.forEach(
                (id, change) -> assertThat(fixture.repository.find(id)).as(id).contains(change.result()));
        assertThat(count("SELECT COUNT(*) FROM task_result")).isEqualTo(expected.size());
        assertThat(count("SELECT COUNT(*) FROM task_attempt")).isEqualTo(attempts.size());
        assertThat(fixture.deadLetters()).isEmpty();
    }

    /** However much has piled up: what must not happen is that nothing is written any more. */
    private void awaitWritten(long goal) {
        var written = new AtomicLong(-1);
        while (written.get() < goal) {
            var before = written.get();
            await("more than " + before + " of " + goal)
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> {
                        written.set(written());
                        return written.get() > before;
                    });
        }
        assertThat(written).hasValue(goal);
    }

    private long written() {
        return JdbcClient.create(fixture.pool)
                .sql("SELECT COALESCE(SUM(next_offset), 0) FROM materialized_offset WHERE topic = :topic")
                .param("topic", fixture.topics.results())
                .query(Long.class)
                .single();
    }

    private long count(String sql) {
        return JdbcClient.create(fixture.pool).sql(sql).query(Long.class).single();
    }

    private List<ResultChange> read() {
        var partitions = IntStream.range(0, 3)
                .mapToObj(partition -> new TopicPartition(fixture.topics.results(), partition))
                .toList();
        var changes = new ArrayList<ResultChange>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", fixture.bootstrapServers),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> changes.add(new ResultChange(
                                TaskJson.result(record.value()), Instant.ofEpochMilli(record.timestamp()))));
            }
        }
        return changes;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.celeriac.engine.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.TaskIds;
import io.celeriac.contract.task.TaskState;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.worker.WorkerProperties.Guarantee;
import io.celeriac.testkit.TestStack;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Anybody may type anything into a tasks topic. A record that is no task must neither stop its partition nor vanish: it is set
 * aside byte for byte, with the reason and the place that it came from, and the tasks before and behind it run. Otherwise one
 * slip of a finger holds up a queue, or somebody's task is gone without a trace.
 */
class GarbageIT {

    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LARGEST_KEPT = "x".repeat((1 << 20) - 12 * 1024);

    private record Garbage(String what, byte[] key, byte[] value, Reason reason, Header... headers) {}

    private record Place(int partition, long offset) {}

    private final TestQueue queue =
            new TestQueue(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("garbage"), PARTITIONS);
    private final TestWorkers workers = new TestWorkers(queue, TestStack.kafka().bootstrapServers());
    private final Set<String> good = new TreeSet<>();
    private final Set<String> tooLarge = new TreeSet<>(); // tasks all the same, so they fail

    @BeforeEach
    void isEmpty() {
        assertThat(queue.deadLetters()).isEmpty();
    }

    @AfterEach
    void close() {
        workers.close();
        queue.close();
    }

    @ParameterizedTest
    @EnumSource(Guarantee.class)
    void setsAsideWhatIsNoTaskAndRunsTheRest(Guarantee guarantee) {
        var sent = new HashMap<Place, Garbage>();
        sendAll(sent, 0);
        workers.start(guarantee, handlers(), Map.of());
        sendAll(sent, 1);

        await().atMost(PATIENCE).until(() -> queue.deadLetters().size() >= sent.size());
        queue.awaitFinal(good.size() + tooLarge.size());

        assertThat(queue.results())
                .allSatisfy(result -> assertThat(result.state())
                        .isEqualTo(tooLarge.contains(result.id()) ? TaskState.FAILURE : TaskState.SUCCESS));
        assertThat(queue.outcomes().keySet()).containsExactlyInAnyOrderElementsOf(all());
        assertThat(queue.outcomes().values()).containsOnly(1L);
        assertThat(queue.deadLetters())
                .hasSameSizeAs(sent.keySet())
                .allSatisfy(record -> assertThat(sent).containsKey(place(record)))
                .allSatisfy(record -> assertUnchanged(record, sent.get(place(record))));
    }

    /** A record may be so full that nothing can be kept beside it: then at least its place and the reason are told. */
    @Test
    void tellsWhereARecordLiesThatFillsItsRecord() {
        workers.start(Guarantee.AT_LEAST_ONCE, handlers(), Map.of());
        var full = queue.send(1, null, task("work", "full", "x".repeat((1 << 20) - 200)));
        sendGood(1, "behind");

        queue.awaitFinal(1);
        await().atMost(PATIENCE).until(() -> !queue.deadLetters().isEmpty());

        assertThat(queue.deadLetters()).singleElement().satisfies(record -> {
            assertThat(place(record)).isEqualTo(new Place(1, full.offset()));
            assertThat(DeadLetter.from(record.headers()).reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(record.value()).isNull();
        });
    }

    /** Whatever bytes a task's record is changed to, the tasks behind it must run: no bytes may stop a stream thread. */
    @Test
    void runsWhatIsBehindAnyBytesAtAll() {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        workers.start(Guarantee.AT_LEAST_ONCE, handlers(), Map.of());
        for (int i = 0; i < 600; i++) {
            queue.send(i % PARTITIONS, null, mangled(random));
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            sendGood(partition, "behind-" + partition);
        }

        queue.awaitStates(
                "the tasks behind, seed " + seed, states -> states.keySet().containsAll(good));
    }

    /**
     * The name of a header may be as long as the record allows. The store must keep a task with a long name like any other, or its
     * partition never gets past it.
     */
    @Test
    void keepsATaskWithALongHeaderName() {
        workers.start(Guarantee.AT_LEAST_ONCE, handlers(), Map.of());
        queue.send(0, null, task("slow", "long-header", "a"), new RecordHeader("h".repeat(70_000), new byte[0]));
        sendGood(0, "behind");

        queue.awaitFinal(2);
    }

    private Set<String> all() {
        var all = new TreeSet<>(good);
        all.addAll(tooLarge);
        return all;
    }

    private void sendAll(Map<Place, Garbage> sent, int round) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (var garbage : garbage()) {
                var place = queue.send(partition, garbage.key, garbage.value, garbage.headers);
                sent.put(new Place(partition, place.offset()), garbage);
                if (garbage.reason == Reason.TOO_LARGE) {
                    tooLarge.add(TaskIds.ofRecord(queue.topics().tasks("default"), partition, place.offset()));
                }
                sendGood(partition, "good-" + round + "-" + place.partition() + "-" + place.offset());
            }
            sendOdd(partition, round);
        }
    }

    private void sendGood(int partition, String id) {
        queue.send(partition, id.getBytes(UTF_8), task("work", id, "a"));
        good.add(id);
    }

    /** They look odd and are tasks all the same. Some live in the store for a while, which has to keep them as they are. */
    private void sendOdd(int partition, int round) {
        var ids = List.of("no-key", "odd-key", "odd-headers", "deep", "long-number").stream()
                .map(what -> what + "-" + partition + "-" + round)
                .toList();
        queue.send(partition, null, task("slow", ids.get(0), "a"));
        queue.send(partition, new byte[] {0, -1, -2}, task("slow", ids.get(1), "a"));
        queue.send(partition, null, task("slow", ids.get(2), "a"), oddHeaders());
        queue.send(partition, null, taskOf("slow", ids.get(3), nested(Limits.DEPTH - 1)));
        queue.send(partition, null, taskOf("slow", ids.get(4), "9".repeat(900)));
        good.addAll(ids);
        var typed = queue.send(partition, null, "{\"task\":\"work\"}".getBytes(UTF_8));
        good.add(TaskIds.ofRecord(queue.topics().tasks("default"), partition, typed.offset()));
    }

    private static List<Garbage> garbage() {
        return List.of(
                unreadable("empty", ""),
                new Garbage("tombstone", "gone".getBytes(UTF_8), null, Reason.UNREADABLE),
                new Garbage("no key and no value", null, null, Reason.UNREADABLE),
                new Garbage("not UTF-8", new byte[] {-1}, bytes("{\"task\":\"", 0xC3, 0x28, "\"}"), Reason.UNREADABLE),
                new Garbage("UTF-16", null, bytes(0xFE, 0xFF, 0, '{', 0, '}'), Reason.UNREADABLE),
                unreadable("not JSON", "this is no task"),
                unreadable("NUL", "\0\0\0\0"),
                unreadable("array", "[{\"task\":\"work\"}]"),
                unreadable("string", "\"work\""),
                unreadable("null", "null"),
                unreadable("truncated", "{\"task\":\"work\",\"args\":[1,2"),
                unreadable("two tasks", "{\"task\":\"work\"}{\"task\":\"work\"}"),
                unreadable("wrong type", "{\"task\":7}"),
                unreadable("args are no array", "{\"task\":\"work\",\"args\":\"a\"}"),
                unreadable("labels are no object", "{\"task\":\"work\",\"labels\":[1]}"),
                unreadable("eta is a number", "{\"task\":\"work\",\"eta\":1700000000}"),
                unreadable("eta is out of range", "{\"task\":\"work\",\"eta\":\"+999999999-12-31T23:59:59Z\"}"),
                unreadable("time limit without end", "{\"task\":\"work\",\"timeLimit\":\"P99999999999999999D\"}"),
                unreadable("priority without end", "{\"task\":\"work\",\"priority\":99999999999999999999999}"),
                unreadable("attempts without end", "{\"task\":\"work\",\"maxAttempts\":1e999999999}"),
                unreadable("no attempts", "{\"task\":\"work\",\"maxAttempts\":0}"),
                unreadable("no task name", "{\"args\":[1]}"),
                unreadable("task name is null", "{\"task\":null}"),
                unreadable("illegal name", "{\"task\":\"rm -rf /\"}"),
                unreadable("name too long", "{\"task\":\"" + "n".repeat(256) + "\"}"),
                unreadable("illegal id", "{\"task\":\"work\",\"id\":\"a b\"}"),
                unreadable("id too long", "{\"task\":\"work\",\"id\":\"" + "i".repeat(65) + "\"}"),
                unreadable(
                        "deeper than a value may be",
                        "{\"task\":\"work\",\"args\":[" + nested(Limits.DEPTH + 1) + "]}"),
                unreadable("deep", "{\"task\":\"work\",\"args\":" + "[".repeat(9_000) + "]".repeat(9_000) + "}"),
                unreadable("deep and open", "{\"task\":\"work\",\"x\":" + "{\"a\":".repeat(100_000)),
                unreadable("huge number", "{\"task\":\"work\",\"args\":[" + "9".repeat(20_000) + "]}"),
                unreadable("huge field name", "{\"task\":\"work\",\"" + "f".repeat(60_000) + "\":1}"),
                new Garbage("odd headers", null, "no".getBytes(UTF_8), Reason.UNREADABLE, oddHeaders()),
                new Garbage(
                        "too large",
                        null,
                        ("{\"task\":\"work\",\"args\":[\"" + LARGEST_KEPT + "\"]}").getBytes(UTF_8),
                        Reason.TOO_LARGE));
    }

    private static Garbage unreadable(String what, String value) {
        return new Garbage(what, what.getBytes(UTF_8), value.getBytes(UTF_8), Reason.UNREADABLE);
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static Header[] oddHeaders() {
        return new Header[] {
            new RecordHeader("", new byte[0]),
            new RecordHeader("none", (byte[]) null),
            new RecordHeader("twice", new byte[] {1}),
            new RecordHeader("twice", new byte[] {2}),
            new RecordHeader("ünïcode ✓", new byte[] {-1, 0, -2}),
            new RecordHeader("traceparent", new byte[] {-1}),
            new RecordHeader("baggage", new byte[10_000])
        };
    }

    private static byte[] mangled(Random random) {
        var json = ("{\"task\":\"work\",\"args\":[1,2.5,null,{\"a\":\"b\"}],\"eta\":\"2026-01-01T00:00:00Z\","
                        + "\"priority\":3,\"maxAttempts\":2,\"backoff\":{\"kind\":\"FIXED\",\"delay\":\"PT1S\"},"
                        + "\"timeLimit\":\"PT5S\",\"labels\":{\"a\":\"b\"},\"onSuccess\":[{\"task\":\"work\"}]}")
                .getBytes(UTF_8);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            json[random.nextInt(json.length)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 128);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(json, random.nextInt(json.length)) : json;
    }

    private static byte[] bytes(Object... parts) {
        var bytes = new ByteArrayOutputStream();
        for (var part : parts) {
            if (part instanceof String text) {
                bytes.writeBytes(text.getBytes(UTF_8));
            } else {
                bytes.write(part instanceof Character character ? character : (Integer) part);
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] task(String name, String id, String argument) {
        return taskOf(name, id, '"' + argument + '"');
    }

    private static byte[] taskOf(String name, String id, String argument) {
        return ("{\"task\":\"" + name + "\",\"id\":\"" + id + "\",\"args\":[" + argument + "]}").getBytes(UTF_8);
    }

    private void assertUnchanged(ConsumerRecord<byte[], byte[]> record, Garbage garbage) {
        var letter = DeadLetter.from(record.headers());
        assertThat(letter.reason()).as(garbage.what).isEqualTo(garbage.reason);
        assertThat(letter.message()).as(garbage.what).isNotBlank();
        assertThat(record.key()).as(garbage.what).isEqualTo(garbage.key);
        assertThat(record.value()).as(garbage.what).isEqualTo(garbage.value);
        var before = new ArrayList<Header>();
        record.headers().forEach(header -> {
            if (!header.key().startsWith("celeriac-")) {
                before.add(header);
            }
        });
        assertThat(before).as(garbage.what).containsExactly(garbage.headers);
    }

    private Place place(ConsumerRecord<byte[], byte[]> deadLetter) {
        var letter = DeadLetter.from(deadLetter.headers());
        assertThat(new TopicPartition(letter.topic(), letter.partition()))
                .isEqualTo(new TopicPartition(queue.topics().tasks("default"), letter.partition()));
        return new Place(letter.partition(), letter.offset());
    }

    private static List<Handler> handlers() {
        return List.of(Handler.of("work", (task, context) -> null), Handler.of("slow", (task, context) -> {
            Thread.sleep(400); // longer than a commit interval, so that it is stored
            return task.args();
        }));
    }
}

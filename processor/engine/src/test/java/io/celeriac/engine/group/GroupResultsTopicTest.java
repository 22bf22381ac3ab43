package io.celeriac.engine.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.GroupReference;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GroupResultsTopicTest {

    private static final Instant SINCE = Instant.parse("2026-11-29T10:00:00Z");
    private static final GroupReference REFERENCE = new GroupReference("g", 4, "w", "0.0", SINCE);
    private static final TopicPartition PARTITION = new TopicPartition("results-of-groups", 0);

    private final MutableClock clock = MutableClock.at(SINCE);
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final TopicConsumer consumer = new TopicConsumer();
    private final GroupResultsTopic topic = new GroupResultsTopic(() -> consumer, PARTITION.topic(), clock);

    @Test
    void readsTheListAndLeavesOutAllOthers() {
        add("other", new GroupPart("other", "0.0", 0, true, values(8)));
        add("w", new GroupPart("w", "0.1", 0, true, values(9)));
        add("w", new GroupPart("w", "0.0", 0, false, values(1, 2, 3)));
        add("other", new GroupPart("other", "0.0", 1, true, values(8)));
        add("w", new GroupPart("w", "0.0", 1, true, values(4)));
        add("w", new GroupPart("w", "0.2", 0, true, values(7)));

        assertThat(read()).containsExactly(values(1, 2, 3), values(4));
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void saysThatAPartIsNoLongerKept() {
        add("w", new GroupPart("w", "0.0", 1, true, values(4)));

        assertThatIllegalStateException()
                .isThrownBy(this::read)
                .withMessageContaining("part 0 of the results of group g is no longer kept");
    }

    @Test
    void waitsForWhatTheBrokerDoesNotShowYet() {
        add("w", new GroupPart("w", "0.0", 0, false, values(1)));
        consumer.beforePoll = polls -> {
            if (polls == 3) {
                add("w", new GroupPart("w", "0.0", 1, true, values(2)));
            }
        };

        assertThat(read()).containsExactly(values(1), values(2));
    }

    @Test
    void doesNotWaitForEver() {
        consumer.beforePoll = polls -> clock.advance(Duration.ofSeconds(10));

        assertThatIllegalStateException().isThrownBy(this::read).withMessageContaining("did not come within 30 s");
        assertThat(consumer.closed()).isTrue();
    }

    private List<List<JsonNode>> read() {
        var parts = new ArrayList<List<JsonNode>>();
        try (var reading = topic.open(REFERENCE)) {
            reading.forEachRemaining(parts::add);
        }
        return parts;
    }

    private static List<JsonNode> values(int... numbers) {
        return Arrays.stream(numbers).<JsonNode>mapToObj(TaskJson::tree).toList();
    }

    private void add(String workflow, GroupPart part) {
        records.add(new ConsumerRecord<>(
                PARTITION.topic(), 0, records.size(), workflow.getBytes(UTF_8), TaskJson.bytes(part)));
    }

    /** Shows one record at each poll. */
    private final class TopicConsumer extends MockConsumer<byte[], byte[]> {

        private IntConsumer beforePoll = polls -> {};
        private int polls;
        private int next;

        TopicConsumer() {
            super("earliest");
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String name) {
            return List.of(new PartitionInfo(name, 0, null, new Node[0], new Node[0]));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
            assertThat(times).isEqualTo(Map.of(PARTITION, SINCE.minusSeconds(60).toEpochMilli()));
            return records.isEmpty()
                    ? Collections.singletonMap(PARTITION, null)
                    : Map.of(PARTITION, new OffsetAndTimestamp(0, SINCE.toEpochMilli()));
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            beforePoll.accept(++polls);
            if (next == records.size()) {
                return ConsumerRecords.empty();
            }
            return new ConsumerRecords<>(Map.of(PARTITION, List.of(records.get(next++))), Map.of());
        }
    }
}

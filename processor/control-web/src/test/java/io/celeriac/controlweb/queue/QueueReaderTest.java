package io.celeriac.controlweb.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class QueueReaderTest {

    private static final TopicPartition SOURCE = new TopicPartition("celeriac.tasks.mail", 0);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final QueueReader reader = new QueueReader(() -> consumer);

    @Test
    void readsFromAnOffsetAndTellsWhereToGoOn() {
        holds(5, 10);

        var some = reader.read(SOURCE, 6, 2);

        assertThat(some.records()).extracting(ConsumerRecord::offset).containsExactly(6L, 7L);
        assertThat(some.next()).isEqualTo(8);
        assertThat(some.beginning()).isEqualTo(5);
        assertThat(some.end()).isEqualTo(10);
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void endsWithTheLastRecord() {
        holds(0, 3);

        var some = reader.read(SOURCE, 1, 50);

        assertThat(some.records()).extracting(ConsumerRecord::offset).containsExactly(1L, 2L);
        assertThat(some.next()).isNull();
    }

    @Test
    void beginsWithWhatIsStillKept() {
        holds(5, 7);

        assertThat(reader.read(SOURCE, 0, 50).records())
                .extracting(ConsumerRecord::offset)
                .containsExactly(5L, 6L);
    }

    @Test
    void findsNothingBehindTheEnd() {
        holds(0, 3);

        var some = reader.read(SOURCE, 1_000, 50);

        assertThat(some.records()).isEmpty();
        assertThat(some.next()).isNull();
    }

    private void holds(long beginning, long end) {
        consumer.updateBeginningOffsets(Map.of(SOURCE, beginning));
        consumer.updateEndOffsets(Map.of(SOURCE, end));
        consumer.schedulePollTask(() -> {
            for (var offset = Math.max(beginning, consumer.position(SOURCE)); offset < end; offset++) {
                consumer.addRecord(
                        new ConsumerRecord<>(SOURCE.topic(), SOURCE.partition(), offset, new byte[0], new byte[0]));
            }
        });
    }
}

package io.celeriac.results.materializer;

import io.celeriac.contract.result.DeadLetter.Reason;
import io.celeriac.results.loop.Loop;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells of the records that a materializer leaves out: each once, however often its poll is tried again, so that an outage does not
 * fill the dead letters. A program that dies before the poll is done may tell of them a second time, never not at all.
 */
final class SetAside {

    /** Where they are told of. */
    @FunctionalInterface
    interface Place {

        /**
         * @throws org.apache.kafka.common.KafkaException when it cannot be told now: try again
         */
        void add(ConsumerRecord<byte[], byte[]> record, Reason reason, String message);
    }

    private final Place place;
    private final Loop loop;

    /** Those whose offset has not been passed yet: of the polls that are being tried, so some thousand at most. */
    private final Map<TopicPartition, Set<Long>> told = new ConcurrentHashMap<>();

    SetAside(Place place, Loop loop) {
        this.place = place;
        this.loop = loop;
    }

    void add(ConsumerRecord<byte[], byte[]> record, Reason reason, String message) {
        var offsets = told.computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), partition -> ConcurrentHashMap.newKeySet());
        if (offsets.contains(record.offset())) {
            return;
        }
        place.add(record, reason, message);
        loop.refused(reason.word());
        offsets.add(record.offset());
    }

    /** The poll is done: its records do not come again. */
    void passed(Collection<OffsetAdvance> advances) {
        advances.forEach(advance -> told.remove(advance.partition()));
    }
}

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
 * Reports the records that a materializer leaves out. It reports each record once, however often its poll is tried again, so that an
 * outage does not fill the dead letters. After a crash in the middle of a poll a record may be reported twice, but never not at all.
 */
final class SetAside {

    /** Where the records are reported. */
    @FunctionalInterface
    interface Place {

        /**
         * @throws org.apache.kafka.common.KafkaException when the record cannot be reported now: try again
         */
        void add(ConsumerRecord<byte[], byte[]> record, Reason reason, String message);
    }

    private final Place place;
    private final Loop loop;

    /** Offsets of the reported records of polls that are not done yet: a few thousand at most. */
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

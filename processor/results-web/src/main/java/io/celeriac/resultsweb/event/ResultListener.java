package io.celeriac.resultsweb.event;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Receives the records of the one consumer of the results topic. Called on that consumer's thread, so it must not wait. */
public interface ResultListener {

    /**
     * Called once, before anything is read.
     *
     * @param nextOffsets the first offset to be read, by partition
     */
    void begins(Map<Integer, Long> nextOffsets);

    /** Called for each poll. */
    void polled(ConsumerRecords<byte[], byte[]> records);
}

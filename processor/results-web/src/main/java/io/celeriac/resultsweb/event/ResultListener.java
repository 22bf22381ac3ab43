package io.celeriac.resultsweb.event;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** Hears what the one consumer of the results topic reads. Called on that consumer's thread, so it must not wait. */
public interface ResultListener {

    /**
     * Once, before anything is read.
     *
     * @param nextOffsets by partition, where reading begins
     */
    void begins(Map<Integer, Long> nextOffsets);

    /** For each poll. */
    void polled(ConsumerRecords<byte[], byte[]> records);
}

package io.celeriac.results.materializer;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes of a record what is to be written. */
interface RecordReader {

    /**
     * Empty for a record that has nothing for the tables.
     *
     * @throws RuntimeException of any kind when it cannot be read: the record is set aside
     */
    Optional<ResultChange> read(ConsumerRecord<byte[], byte[]> record);

    /** What may be told of why a record cannot be read. */
    String reason(ConsumerRecord<byte[], byte[]> record, Throwable error);
}

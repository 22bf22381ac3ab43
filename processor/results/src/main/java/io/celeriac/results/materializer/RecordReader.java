package io.celeriac.results.materializer;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Turns a record into a change of the tables.
 *
 * @param <T> the change
 */
interface RecordReader<T> {

    /**
     * Empty for a record that has nothing for the tables.
     *
     * @throws RuntimeException of any kind when the record cannot be read: it is set aside
     */
    Optional<T> read(ConsumerRecord<byte[], byte[]> record);

    /** The reason why a record cannot be read or written, without secrets. */
    String reason(ConsumerRecord<byte[], byte[]> record, Throwable error);
}

package io.celeriac.engine.store;

import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/**
 * The time of one owner with a partition, logged once, with its first record. The entries of an earlier owner for that record or a
 * later one do not count, because the owner of this term has read the record itself. An owner that was suspended and comes back may
 * log such a task after the later owner has finished it.
 *
 * @param number grows from owner to owner
 * @param topic the id of the queue's topic: offsets of a topic that was recreated say nothing about the former topic
 * @param start offset of the first record that the owner took
 */
record Term(long number, Uuid topic, long start) {

    /** Whether the owner has read the record at an offset itself, so that an entry of an earlier term does not count. */
    boolean supersedes(long earlierTerm, long offset) {
        return number > earlierTerm && offset >= start;
    }

    byte[] bytes() {
        return ByteBuffer.allocate(3 * Long.BYTES)
                .putLong(topic.getMostSignificantBits())
                .putLong(topic.getLeastSignificantBits())
                .putLong(start)
                .array();
    }

    static Term of(long number, byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        return new Term(number, new Uuid(in.getLong(), in.getLong()), in.getLong());
    }
}

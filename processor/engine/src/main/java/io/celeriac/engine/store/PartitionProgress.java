package io.celeriac.engine.store;

import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/**
 * The progress of a partition's owners, kept in the store. The group's offsets expire when no worker is there for seven days
 * ({@code offsets.retention.minutes}); without this record, every task that is still on the topic would then run again.
 *
 * @param topic the id of the queue's topic, as in {@link Term}
 * @param committed the offset that is committed: the task of every record before it has finished or is in the store
 * @param owned how long the partition has had owners, in milliseconds. It is the clock of the deduplication window, which stops while
 *     the partition has no owner.
 */
record PartitionProgress(Uuid topic, long committed, long owned) {

    static final PartitionProgress NONE = new PartitionProgress(Uuid.ZERO_UUID, 0, 0);

    byte[] bytes() {
        return ByteBuffer.allocate(4 * Long.BYTES)
                .putLong(topic.getMostSignificantBits())
                .putLong(topic.getLeastSignificantBits())
                .putLong(committed)
                .putLong(owned)
                .array();
    }

    static PartitionProgress of(byte[] bytes) {
        var in = ByteBuffer.wrap(bytes);
        return new PartitionProgress(new Uuid(in.getLong(), in.getLong()), in.getLong(), in.getLong());
    }
}

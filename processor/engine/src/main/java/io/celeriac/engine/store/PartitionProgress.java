package io.celeriac.engine.store;

import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;

/**
 * How far the owners of a partition have come, in our own state: the group's offsets expire when no worker was there for seven days
 * ({@code offsets.retention.minutes}), and everything that is still on the topic would then run again.
 *
 * @param topic the id of the queue's topic, as in {@link Term}
 * @param committed the offset that is committed: every record before it has come to its end or is in the store
 * @param owned how long the partition has had owners, in milliseconds: the clock of the deduplication window, which stands while
 *     nobody works
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

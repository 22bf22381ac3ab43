package io.celeriac.controlweb.queue;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The offsets of the queues at a moment, as the broker knows them.
 *
 * @param at when they were asked for
 * @param queues by name
 */
record QueueOffsets(Instant at, SortedMap<String, Queue> queues) {

    /**
     * A queue.
     *
     * @param topicId Kafka's id of its topic
     * @param partitions by number
     */
    record Queue(String topicId, SortedMap<Integer, Place> partitions) {

        /** How many records no worker has taken yet. */
        long unread() {
            return partitions.values().stream().mapToLong(Place::unread).sum();
        }

        /** The offsets behind the last records, by partition. */
        Map<Integer, Long> ends() {
            var ends = new TreeMap<Integer, Long>();
            partitions.forEach((partition, place) -> ends.put(partition, place.end()));
            return ends;
        }
    }

    /**
     * A partition.
     *
     * @param beginning offset of the first record that is kept
     * @param end offset behind the last record
     * @param committed offset behind the last record that workers have taken; null when none ever did
     * @param oldestUnreadAt time of the first record that none has taken; null for none, or when it is not known
     */
    record Place(
            long beginning,
            long end,
            @Nullable Long committed,
            @Nullable Instant oldestUnreadAt) {

        /** Offset of the next record that a worker takes. */
        long next() {
            return committed == null ? beginning : Math.max(beginning, committed);
        }

        /** How many records no worker has taken yet. Under exactly-once, marks of transactions count too. */
        long unread() {
            return Math.max(0, end - next());
        }

        Place since(@Nullable Instant oldest) {
            return new Place(beginning, end, committed, oldest);
        }
    }
}

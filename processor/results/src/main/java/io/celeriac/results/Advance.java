package io.celeriac.results;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a transaction takes the tables.
 *
 * @param partition of a topic
 * @param from the offset that the database must have for it; {@link #NOTHING} when it must have none
 * @param to the offset it has then
 */
record Advance(TopicPartition partition, long from, long to) {

    /** Nothing of the partition is in the tables. */
    static final long NOTHING = -1;

    /** In which every program locks the rows of several partitions. */
    static final Comparator<Advance> IN_ORDER =
            Comparator.comparing(advance -> advance.partition().toString());
}

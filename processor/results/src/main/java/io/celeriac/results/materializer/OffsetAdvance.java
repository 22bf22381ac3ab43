package io.celeriac.results.materializer;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a transaction takes the tables.
 *
 * @param partition of a topic
 * @param from where the database must be; {@link Position#NOTHING} when it must know nothing of the partition
 * @param to where it is then
 */
public record OffsetAdvance(TopicPartition partition, Position from, Position to) {

    /** In which every program locks the rows of several partitions. */
    static final Comparator<OffsetAdvance> IN_ORDER =
            Comparator.comparing(advance -> advance.partition().toString());
}

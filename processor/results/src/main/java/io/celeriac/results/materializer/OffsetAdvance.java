package io.celeriac.results.materializer;

import java.util.Comparator;
import org.apache.kafka.common.TopicPartition;

/**
 * The move of a partition's stored position by one transaction.
 *
 * @param partition of a topic
 * @param from the position that must be stored before; {@link Position#NOTHING} when none may be
 * @param to the position that is stored after
 */
public record OffsetAdvance(TopicPartition partition, Position from, Position to) {

    /** The order in which every program locks the rows of several partitions. */
    static final Comparator<OffsetAdvance> IN_ORDER =
            Comparator.comparing(advance -> advance.partition().toString());

    /** No move: the stored position must be, and stays, the one before. */
    OffsetAdvance held() {
        return new OffsetAdvance(partition, from, from);
    }
}

package io.celeriac.results;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ConsumerSeekAware.ConsumerSeekCallback;

/**
 * Keeps consumers where the database says that they are, since what Kafka has committed says nothing of a database that was emptied
 * or restored from a backup.
 *
 * <p>When the database is away while partitions are assigned, they start from their beginning for the moment, and are put
 * right with the first poll that the database answers: so an assignment never waits for it. Each consumer calls on its own thread,
 * about partitions that it alone has.
 */
final class StoredPositions implements ConsumerAwareRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoredPositions.class);

    private final MaterializedResultRepository repository;

    /** Where the database is, by all that this program knows; of those that are assigned and not in here it knows nothing. */
    private final Map<TopicPartition, Long> positions = new ConcurrentHashMap<>();

    StoredPositions(MaterializedResultRepository repository) {
        this.repository = repository;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            settle(consumer, partitions);
        } catch (DataAccessException e) {
            LOG.warn("no positions for {} yet: {}", partitions, e.getMessage());
            consumer.seekToBeginning(partitions);
        }
    }

    @Override
    public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
    }

    /**
     * Those records that were read from where the database is, of partitions that are still here. The others come again, from there.
     *
     * @throws DataAccessException when the database is still away: try again
     */
    List<ConsumerRecord<byte[], byte[]>> settled(
            List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        var unsettled = consumer.assignment().stream()
                .filter(partition -> !positions.containsKey(partition))
                .toList();
        if (!unsettled.isEmpty()) {
            settle(consumer, unsettled);
        }
        return records.stream()
                .filter(record -> {
                    var partition = partition(record);
                    return positions.containsKey(partition) && !unsettled.contains(partition);
                })
                .toList();
    }

    /** What a transaction takes the tables over, that writes what these records say. */
    List<Advance> advances(List<ConsumerRecord<byte[], byte[]>> records) {
        var next = new HashMap<TopicPartition, Long>();
        for (var record : records) {
            next.merge(partition(record), record.offset() + 1, Math::max);
        }
        var advances = new ArrayList<Advance>();
        next.forEach((partition, to) ->
                advances.add(new Advance(partition, positions.getOrDefault(partition, Advance.NOTHING), to)));
        advances.sort(Advance.IN_ORDER);
        return advances;
    }

    /** These were written. */
    void advanced(Collection<Advance> advances) {
        advances.forEach(advance -> positions.put(advance.partition(), advance.to()));
    }

    /**
     * Somebody has moved the database. Whatever this consumer reads now comes from where it is.
     *
     * @throws DataAccessException when the database is away: the next {@link #settled} sees to it
     */
    void lookAgain(Consumer<?, ?> consumer) {
        var assigned = consumer.assignment();
        positions.keySet().removeAll(assigned);
        settle(consumer, assigned);
    }

    /**
     * Goes where the database is, should somebody have moved it; asked while there is nothing to write.
     *
     * @throws DataAccessException when the database is away
     */
    void follow(Collection<TopicPartition> assigned, ConsumerSeekCallback consumer) {
        var stored = repository.nextOffsets(assigned);
        for (var partition : assigned) {
            var offset = stored.getOrDefault(partition, Advance.NOTHING);
            if (!offset.equals(positions.put(partition, offset))) {
                if (offset == Advance.NOTHING) {
                    consumer.seekToBeginning(partition.topic(), partition.partition());
                } else {
                    consumer.seek(partition.topic(), partition.partition(), offset);
                }
            }
        }
    }

    private void settle(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        var next = repository.nextOffsets(partitions);
        for (var partition : partitions) {
            var offset = next.getOrDefault(partition, Advance.NOTHING);
            if (offset == Advance.NOTHING) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
            positions.put(partition, offset);
        }
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}

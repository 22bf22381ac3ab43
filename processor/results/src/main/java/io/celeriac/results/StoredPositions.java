package io.celeriac.results;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/**
 * Puts a consumer where the database says that it is, since what Kafka has committed says nothing of a database that was
 * restored from a backup.
 *
 * <p>When the database is away while partitions are assigned, they start from their beginning for the moment, and are put
 * right with the first poll that the database answers: so an assignment never waits for it. Called on the consumers' own
 * threads.
 */
final class StoredPositions implements ConsumerAwareRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoredPositions.class);

    private final MaterializedResultRepository repository;
    private final Set<TopicPartition> unsettled = ConcurrentHashMap.newKeySet();

    StoredPositions(MaterializedResultRepository repository) {
        this.repository = repository;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        unsettled.addAll(partitions);
        try {
            settle(consumer, partitions);
        } catch (DataAccessException e) {
            LOG.warn("no positions for {} yet: {}", partitions, e.getMessage());
            consumer.seekToBeginning(partitions);
        }
    }

    @Override
    public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        unsettled.removeAll(partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        unsettled.removeAll(partitions);
    }

    /**
     * Those records that were read from where the database says. The others come again, from there.
     *
     * @throws DataAccessException when the database is still away: try again
     */
    List<ConsumerRecord<byte[], byte[]>> settled(
            List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        if (unsettled.isEmpty()) {
            return records;
        }
        var misplaced =
                consumer.assignment().stream().filter(unsettled::contains).toList();
        settle(consumer, misplaced);
        return records.stream()
                .filter(record -> !misplaced.contains(new TopicPartition(record.topic(), record.partition())))
                .toList();
    }

    private void settle(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        var next = repository.nextOffsets(partitions);
        for (var partition : partitions) {
            var offset = next.get(partition);
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset);
            }
        }
        unsettled.removeAll(partitions);
    }
}

package io.celeriac.results.materializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ConsumerSeekAware.ConsumerSeekCallback;

/**
 * Keeps consumers at the positions that the database stores. Kafka's committed offsets say nothing about a database that was emptied or
 * restored from a backup. A topic that was deleted and recreated is read from its beginning.
 *
 * <p>When the database or the broker is unavailable during an assignment, the partitions start from their beginning for the moment. The
 * first poll for which both answer corrects that, so an assignment never waits for them. Each consumer calls on its own thread, for
 * partitions that it alone has.
 */
final class StoredPositions implements ConsumerAwareRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoredPositions.class);

    /** How often a consumer checks whether its topics were recreated. */
    private static final Duration LOOK_AT_TOPICS = Duration.ofSeconds(10);

    /**
     * @param stored the position in the database, as far as this program knows
     * @param topicId of the topic that is being read
     */
    private record Place(Position stored, String topicId) {

        /** The first offset that is not stored. */
        long next() {
            return stored.isIn(topicId) ? stored.offset() : 0;
        }
    }

    private final PositionRepository repository;
    private final TopicIds topics;

    /** The places of the assigned partitions; none for a partition whose place is not known yet. */
    private final Map<TopicPartition, Place> places = new ConcurrentHashMap<>();

    /** The time of the last check of a partition's topic, from {@link System#nanoTime()}. */
    private final Map<TopicPartition, Long> looked = new ConcurrentHashMap<>();

    StoredPositions(PositionRepository repository, TopicIds topics) {
        this.repository = repository;
        this.topics = topics;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            settle(consumer, partitions);
        } catch (RuntimeException e) { // from the database, its pool or the broker; the next poll asks them again
            LOG.warn("no positions for {} yet: {}", partitions, e.getMessage());
            consumer.seekToBeginning(partitions);
        }
    }

    @Override
    public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        forget(partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        forget(partitions);
    }

    private void forget(Collection<TopicPartition> partitions) {
        places.keySet().removeAll(partitions);
        looked.keySet().removeAll(partitions);
    }

    /**
     * The records that follow the stored positions, of partitions that are still assigned. The others come again, from the stored
     * position.
     *
     * @throws RuntimeException when the database or the broker is still unavailable: try again
     */
    List<ConsumerRecord<byte[], byte[]>> settled(
            List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        var assigned = consumer.assignment();
        places.keySet().removeAll(madeAnew(assigned));
        var unsettled = assigned.stream()
                .filter(partition -> !places.containsKey(partition))
                .toList();
        if (!unsettled.isEmpty()) {
            settle(consumer, unsettled);
        }
        return records.stream()
                .filter(record -> {
                    var partition = partition(record);
                    return places.containsKey(partition) && !unsettled.contains(partition);
                })
                .toList();
    }

    /**
     * The advances of a transaction that writes these records. They end where the consumer reads on, which is behind the markers of
     * transactions that follow the records. Otherwise a partition that ends with a marker would never count as stored to its end.
     *
     * @param records all that the consumer has read of the partitions whose places are known
     */
    List<OffsetAdvance> advances(List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        var next = new HashMap<TopicPartition, Long>();
        for (var partition : consumer.assignment()) {
            reached(partition, consumer)
                    .filter(offset -> isNew(partition, offset))
                    .ifPresent(offset -> next.put(partition, offset));
        }
        for (var record : records) {
            next.merge(partition(record), record.offset() + 1, Math::max);
        }
        return moves(next);
    }

    /**
     * The advances of a transaction without records: over markers that came alone.
     *
     * @param reached where the consumer reads on
     */
    List<OffsetAdvance> advances(Map<TopicPartition, Long> reached) {
        var next = new HashMap<>(reached);
        next.entrySet().removeIf(entry -> !isNew(entry.getKey(), entry.getValue()));
        return moves(next);
    }

    private boolean isNew(TopicPartition partition, long reached) {
        var place = places.get(partition);
        return place != null && reached > place.next();
    }

    private List<OffsetAdvance> moves(Map<TopicPartition, Long> next) {
        var advances = new ArrayList<OffsetAdvance>();
        next.forEach((partition, to) -> {
            var place = places.get(partition);
            if (place != null) { // always, since the records are settled
                advances.add(new OffsetAdvance(partition, place.stored, new Position(place.topicId, to)));
            }
        });
        advances.sort(OffsetAdvance.IN_ORDER);
        return advances;
    }

    /** Where the consumer reads on; empty while it is still looking for that place. */
    private static Optional<Long> reached(TopicPartition partition, Consumer<?, ?> consumer) {
        try {
            return Optional.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException e) {
            return Optional.empty();
        }
    }

    /** Takes note that these advances were written. */
    void advanced(Collection<OffsetAdvance> advances) {
        advances.forEach(advance -> places.put(
                advance.partition(), new Place(advance.to(), advance.to().topicId())));
    }

    /**
     * Seeks to the stored positions, after somebody has changed them.
     *
     * @throws RuntimeException when the database or the broker is unavailable: the next {@link #settled} tries again
     */
    void lookAgain(Consumer<?, ?> consumer) {
        var assigned = consumer.assignment();
        places.keySet().removeAll(assigned);
        settle(consumer, assigned);
    }

    /**
     * Seeks to the stored positions if somebody has changed them or a topic was recreated. Called while there is nothing to write.
     *
     * @return the partitions that are read from elsewhere now
     * @throws RuntimeException when the database or the broker is unavailable
     */
    List<TopicPartition> follow(Collection<TopicPartition> assigned, ConsumerSeekCallback consumer) {
        places.keySet().removeAll(madeAnew(assigned));
        var stored = repository.positions(assigned);
        var moved = assigned.stream()
                .filter(partition -> {
                    var place = places.get(partition);
                    return place == null || !place.stored.equals(stored.getOrDefault(partition, Position.NOTHING));
                })
                .toList();
        if (moved.isEmpty()) {
            return moved;
        }
        placesOf(moved, stored).forEach((partition, place) -> {
            places.put(partition, place);
            if (place.stored.isIn(place.topicId)) {
                consumer.seek(partition.topic(), partition.partition(), place.stored.offset());
            } else {
                consumer.seekToBeginning(partition.topic(), partition.partition());
            }
        });
        return moved;
    }

    private void settle(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        placesOf(partitions, repository.positions(partitions)).forEach((partition, place) -> {
            if (place.stored.isIn(place.topicId)) {
                consumer.seek(partition, place.stored.offset());
            } else {
                consumer.seekToBeginning(List.of(partition));
            }
            places.put(partition, place);
        });
    }

    /** Leaves out partitions whose topic has just been deleted: they have no more records. */
    private Map<TopicPartition, Place> placesOf(
            Collection<TopicPartition> partitions, Map<TopicPartition, Position> stored) {
        var ids = idsOf(partitions);
        return partitions.stream()
                .filter(partition -> ids.containsKey(partition.topic()))
                .collect(Collectors.toMap(
                        partition -> partition,
                        partition -> new Place(
                                stored.getOrDefault(partition, Position.NOTHING),
                                ids.getOrDefault(partition.topic(), ""))));
    }

    private List<TopicPartition> madeAnew(Collection<TopicPartition> assigned) {
        var now = System.nanoTime();
        var due = assigned.stream()
                .filter(places::containsKey)
                .filter(partition -> now - looked.getOrDefault(partition, now) > LOOK_AT_TOPICS.toNanos())
                .toList();
        if (due.isEmpty()) {
            return List.of();
        }
        var ids = idsOf(due);
        return due.stream()
                .filter(partition -> {
                    var place = places.get(partition);
                    var id = ids.get(partition.topic());
                    return place != null && id != null && !id.equals(place.topicId);
                })
                .toList();
    }

    private Map<String, String> idsOf(Collection<TopicPartition> partitions) {
        var ids = topics.of(partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        var now = System.nanoTime();
        partitions.forEach(partition -> looked.put(partition, now));
        return ids;
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}

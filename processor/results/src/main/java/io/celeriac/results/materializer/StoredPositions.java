package io.celeriac.results.materializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.ConsumerSeekAware.ConsumerSeekCallback;

/**
 * Keeps consumers where the database says that they are, since what Kafka has committed says nothing of a database that was emptied
 * or restored from a backup. A position in a topic that was deleted says nothing of the one that has its name now: this is read from
 * its beginning.
 *
 * <p>When the database or the broker is away while partitions are assigned, they start from their beginning for the moment, and are
 * put right with the first poll that both answer: so an assignment never waits for them. Each consumer calls on its own thread,
 * about partitions that it alone has.
 */
final class StoredPositions implements ConsumerAwareRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(StoredPositions.class);

    /** How often a consumer looks whether its topics were made anew. */
    private static final Duration LOOK_AT_TOPICS = Duration.ofSeconds(10);

    /**
     * @param stored where the database is, by all that this program knows
     * @param topicId of the topic that is being read
     */
    private record Place(Position stored, String topicId) {}

    private final MaterializedResultRepository repository;
    private final TopicIds topics;

    /** Of those that are assigned and not in here nothing is known. */
    private final Map<TopicPartition, Place> places = new ConcurrentHashMap<>();

    /** When a partition's topic was last looked at, in nanoseconds of the system. */
    private final Map<TopicPartition, Long> looked = new ConcurrentHashMap<>();

    StoredPositions(MaterializedResultRepository repository, TopicIds topics) {
        this.repository = repository;
        this.topics = topics;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            settle(consumer, partitions);
        } catch (RuntimeException e) { // of the database, its pool or the broker; the next poll asks them again
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
     * Those records that were read from where the database is, of partitions that are still here. The others come again, from there.
     *
     * @throws RuntimeException when the database or the broker is still away: try again
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

    /** What a transaction takes the tables over, that writes what these records say. */
    List<OffsetAdvance> advances(List<ConsumerRecord<byte[], byte[]>> records) {
        var next = new HashMap<TopicPartition, Long>();
        for (var record : records) {
            next.merge(partition(record), record.offset() + 1, Math::max);
        }
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

    /** These were written. */
    void advanced(Collection<OffsetAdvance> advances) {
        advances.forEach(advance -> places.put(
                advance.partition(), new Place(advance.to(), advance.to().topicId())));
    }

    /**
     * Somebody has moved the database. Whatever this consumer reads now comes from where it is.
     *
     * @throws RuntimeException when the database or the broker is away: the next {@link #settled} sees to it
     */
    void lookAgain(Consumer<?, ?> consumer) {
        var assigned = consumer.assignment();
        places.keySet().removeAll(assigned);
        settle(consumer, assigned);
    }

    /**
     * Goes where the database is, should somebody have moved it, or a topic have been made anew; asked while there is nothing to
     * write.
     *
     * @throws RuntimeException when the database or the broker is away
     */
    void follow(Collection<TopicPartition> assigned, ConsumerSeekCallback consumer) {
        places.keySet().removeAll(madeAnew(assigned));
        var stored = repository.positions(assigned);
        var moved = assigned.stream()
                .filter(partition -> {
                    var place = places.get(partition);
                    return place == null || !place.stored.equals(stored.getOrDefault(partition, Position.NOTHING));
                })
                .toList();
        if (moved.isEmpty()) {
            return;
        }
        placesOf(moved, stored).forEach((partition, place) -> {
            places.put(partition, place);
            if (place.stored.isIn(place.topicId)) {
                consumer.seek(partition.topic(), partition.partition(), place.stored.offset());
            } else {
                consumer.seekToBeginning(partition.topic(), partition.partition());
            }
        });
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

    /** Without those whose topic has just been deleted: nothing comes of them. */
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

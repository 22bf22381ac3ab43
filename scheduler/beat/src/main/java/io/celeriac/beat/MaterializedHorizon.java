package io.celeriac.beat;

import static java.util.stream.Collectors.toMap;

import io.celeriac.contract.topic.Topics;
import io.celeriac.schedule.firing.ResultsHorizon;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Compares the position of the materializer in a queue with the end of its topic. The tables have all tasks of an instant if they are
 * past the ends of that instant or of a later one. Their positions are behind the markers of
 * transactions, as the ends are. Safe for use by several threads.
 */
final class MaterializedHorizon implements ResultsHorizon {

    private static final Logger LOG = LoggerFactory.getLogger(MaterializedHorizon.class);

    /** How long a broker that did not answer is not asked again: schedules are locked meanwhile. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** How long known ends are trusted: the topic may have been deleted and created again. */
    private static final Duration TRUST = Duration.ofSeconds(5);

    private final Admin admin;
    private final Topics topics;
    private final Function<TopicIdPartition, Optional<Long>> nextOffset;

    /** The instant that the tables have passed, by queue. The other maps are by queue too. */
    private final Map<String, Instant> passed = new HashMap<>();

    private final Map<String, Ends> awaited = new HashMap<>();
    private final Map<String, Instant> unanswered = new HashMap<>();

    /** When the tables were last found behind, so that a batch of schedules asks only once. */
    private final Map<String, Instant> behind = new HashMap<>();

    /**
     * @param admin its timeouts limit how long this class waits
     * @param nextOffset the position of the tables in a partition; empty if they have nothing of it
     */
    MaterializedHorizon(Admin admin, Topics topics, Function<TopicIdPartition, Optional<Long>> nextOffset) {
        this.admin = admin;
        this.topics = topics;
        this.nextOffset = nextOffset;
    }

    /**
     * The ends of a topic.
     *
     * @param at then or later
     * @param seen when they were last confirmed as ends of this topic, not of another one with its name
     * @param ends by partition, without empty ones
     */
    private record Ends(Instant at, Instant seen, Map<TopicIdPartition, Long> ends) {

        boolean areOf(Map<TopicIdPartition, Long> topic) {
            return topic.keySet().containsAll(ends.keySet());
        }
    }

    @Override
    public synchronized boolean isPassed(String queue, Instant asked, Instant now) {
        if (isKnown(queue, asked) || advance(queue, asked, now)) {
            return true;
        }
        var there = awaited.get(queue);
        if ((there != null && now.isBefore(there.seen.plus(TRUST))) || isAway(queue, now)) {
            return false;
        }
        try {
            var ends = ends(topics.tasks(queue));
            awaited.put(
                    queue,
                    there == null || !there.areOf(ends)
                            ? new Ends(now, now, ends)
                            : new Ends(there.at, now, there.ends));
            behind.remove(queue);
            unanswered.remove(queue);
        } catch (ExecutionException e) {
            LOG.debug("The ends of queue {} are not known", queue, e);
            unanswered.put(queue, now);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return advance(queue, asked, now);
    }

    private boolean isKnown(String queue, Instant asked) {
        var known = passed.get(queue);
        return known != null && !known.isBefore(asked);
    }

    private boolean isAway(String queue, Instant now) {
        var since = unanswered.get(queue);
        return since != null && now.isBefore(since.plus(PAUSE));
    }

    /** Checks whether the tables are past the last known ends. Where nothing was ever materialized, waiting does not help. */
    private boolean advance(String queue, Instant asked, Instant now) {
        var ends = awaited.get(queue);
        if (ends == null || now.equals(behind.get(queue))) {
            return false;
        }
        if (!isPast(ends.ends)) {
            behind.put(queue, now);
            return false;
        }
        behind.remove(queue);
        awaited.remove(queue);
        passed.put(queue, ends.at);
        return isKnown(queue, asked);
    }

    private boolean isPast(Map<TopicIdPartition, Long> ends) {
        try {
            var next = new HashMap<TopicIdPartition, Long>();
            ends.keySet()
                    .forEach(partition -> nextOffset.apply(partition).ifPresent(offset -> next.put(partition, offset)));
            return next.isEmpty()
                    || ends.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), 0L) >= end.getValue());
        } catch (DataAccessException e) {
            LOG.debug("It is not known how far the results are", e);
            return false;
        }
    }

    private Map<TopicIdPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
        try {
            var description = Objects.requireNonNull(
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
            var partitions = description.partitions().stream()
                    .map(partition ->
                            new TopicIdPartition(description.topicId(), partition.partition(), description.name()))
                    .toList();
            var first = offsets(partitions, OffsetSpec.earliest());
            var ends = offsets(partitions, OffsetSpec.latest());
            ends.entrySet().removeIf(end -> end.getValue().equals(first.get(end.getKey())));
            return ends;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) { // so no task was sent there
                return Map.of();
            }
            throw e;
        }
    }

    private Map<TopicIdPartition, Long> offsets(List<TopicIdPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        var asked = admin.listOffsets(
                partitions.stream().collect(toMap(TopicIdPartition::topicPartition, partition -> which)));
        var offsets = new HashMap<TopicIdPartition, Long>();
        for (var partition : partitions) {
            offsets.put(
                    partition,
                    asked.partitionResult(partition.topicPartition()).get().offset());
        }
        return offsets;
    }
}

package io.celeriac.engine.topic;

import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * The committed offsets of a queue's workers, and the range of its topic, by partition.
 *
 * @param committed the offset of the next record to take; absent when none was ever committed, or no worker came for as long as the
 *     broker keeps committed offsets ({@code offsets.retention.minutes})
 * @param starts the offset of the first record in the topic
 * @param ends the offset of the next record to be sent
 */
public record QueueOffsets(
        Map<TopicPartition, Long> committed, Map<TopicPartition, Long> starts, Map<TopicPartition, Long> ends) {

    public QueueOffsets {
        committed = Map.copyOf(committed);
        starts = Map.copyOf(starts);
        ends = Map.copyOf(ends);
    }

    /**
     * Reads the offsets. The committed ones are read first, so that progress in between never seems to go beyond the end.
     *
     * @throws IllegalStateException when the broker does not answer
     */
    public static QueueOffsets of(Admin admin, QueueTopics topics) {
        int count = Changelog.partitions(admin, topics.tasks()).orElse(0);
        var partitions = IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topics.tasks(), partition))
                .toList();
        var committed = committed(admin, topics);
        committed.keySet().retainAll(partitions);
        return new QueueOffsets(
                committed,
                offsets(admin, topics, partitions, OffsetSpec.earliest()),
                offsets(admin, topics, partitions, OffsetSpec.latest()));
    }

    private static Map<TopicPartition, Long> committed(Admin admin, QueueTopics topics) {
        var asked = admin.listConsumerGroupOffsets(topics.group()).partitionsToOffsetAndMetadata();
        return Answers.of("group " + topics.group(), asked).entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static Map<TopicPartition, Long> offsets(
            Admin admin, QueueTopics topics, List<TopicPartition> partitions, OffsetSpec which) {
        var asked = partitions.stream().collect(toMap(partition -> partition, partition -> which));
        return Answers.of("topic " + topics.tasks(), admin.listOffsets(asked).all()).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    /** Whether each partition has been read to its end, or further than before. */
    public boolean isBeyond(QueueOffsets before) {
        return ends.entrySet().stream().allMatch(end -> {
            var now = committed.getOrDefault(end.getKey(), 0L);
            return now >= end.getValue() || now > before.committed.getOrDefault(end.getKey(), 0L);
        });
    }
}

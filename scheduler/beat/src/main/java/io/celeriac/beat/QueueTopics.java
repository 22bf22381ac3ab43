package io.celeriac.beat;

import static java.util.stream.Collectors.toMap;

import io.celeriac.contract.topic.TopicProvisioner;
import io.celeriac.contract.topic.TopicSettings;
import io.celeriac.contract.topic.Topics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Sees to it that a queue's topic is there, and its partitions led, before the first task goes to it. A producer that meets a
 * partition without leader repeats itself, and with idempotence has been seen to get stuck in that until the delivery timed
 * out. For use by one thread.
 */
final class QueueTopics {

    private final Admin admin;
    private final TopicSettings settings;
    private final Set<String> known = new HashSet<>();

    /**
     * @param admin whose time-outs bound how long this class waits
     */
    QueueTopics(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Asks the broker once for each queue.
     *
     * @throws RuntimeException when the broker does not answer, or the topic cannot be or contradicts the settings
     */
    void require(String queue) {
        if (known.contains(queue)) {
            return;
        }
        var asked = settings.partitions();
        var partitions = asked == null ? Topics.DEFAULT_PARTITIONS : asked;
        var topic = settings.topics().tasksTopic(queue, partitions);
        new TopicProvisioner(admin, settings.replicationFactor(), asked != null).provision(List.of(topic));
        awaitLeaders(topic.name());
        known.add(queue);
    }

    /** Only a leader answers for its partition's end; until there is one, the admin client asks again. */
    private void awaitLeaders(String topic) {
        try {
            var ends = admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .flatMap(description -> description.partitions().stream())
                    .collect(toMap(
                            partition -> new TopicPartition(topic, partition.partition()),
                            partition -> OffsetSpec.latest()));
            admin.listOffsets(ends).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic " + topic + " has no leaders yet: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

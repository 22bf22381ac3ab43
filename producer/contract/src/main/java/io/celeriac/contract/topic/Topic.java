package io.celeriac.contract.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The intended configuration of a topic.
 *
 * @param name full name
 * @param partitions ≥ 1
 * @param cleanupPolicy Kafka's {@code cleanup.policy}
 * @param retention Kafka's {@code retention.ms}; {@link #UNTIL_DELETED} if neither age nor size may delete a record
 * @param more settings that only a new topic gets
 */
public record Topic(String name, int partitions, String cleanupPolicy, Duration retention, Map<String, String> more) {

    /** Records stay until somebody deletes them. Kafka writes it as −1. */
    public static final Duration UNTIL_DELETED = Duration.ofMillis(-1);

    public Topic(String name, int partitions, String cleanupPolicy, Duration retention) {
        this(name, partitions, cleanupPolicy, retention, Map.of());
    }

    public Topic {
        more = Map.copyOf(more);
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions of " + name + " must be at least 1, but are " + partitions);
        }
    }

    /** The configuration that a topic is created with. */
    Map<String, String> configs() {
        var configs = new HashMap<>(limits());
        configs.putAll(more);
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanupPolicy);
        configs.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
        return configs;
    }

    /** The settings without which an existing topic loses unread records; empty if records may be deleted unread. */
    Map<String, String> limits() {
        var keep = Long.toString(UNTIL_DELETED.toMillis());
        return retention.equals(UNTIL_DELETED)
                ? Map.of(TopicConfig.RETENTION_MS_CONFIG, keep, TopicConfig.RETENTION_BYTES_CONFIG, keep)
                : Map.of();
    }
}

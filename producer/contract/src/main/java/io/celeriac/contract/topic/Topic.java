package io.celeriac.contract.topic;

import java.time.Duration;

/**
 * A topic as it should be.
 *
 * @param name full name
 * @param partitions ≥ 1
 * @param cleanupPolicy Kafka's {@code cleanup.policy}
 * @param retention Kafka's {@code retention.ms}
 */
public record Topic(String name, int partitions, String cleanupPolicy, Duration retention) {

    public Topic {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions of " + name + " must be at least 1, but are " + partitions);
        }
    }
}

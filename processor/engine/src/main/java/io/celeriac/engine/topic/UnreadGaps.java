package io.celeriac.engine.topic;

import io.celeriac.engine.EngineMetrics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Raises an alarm when records of a queue were deleted before a worker had read them. The queue's topic has no limit of age or size, so
 * that happens only when somebody has set a limit, or has deleted by hand. Kafka itself goes on after such a gap silently. Safe for use
 * by several threads.
 */
public final class UnreadGaps {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadGaps.class);

    private final QueueTopics topics;
    private final EngineMetrics metrics;
    private final Map<TopicPartition, Long> told = new HashMap<>(); // first offset after the last gap that was told
    private @Nullable String last;

    public UnreadGaps(QueueTopics topics, EngineMetrics metrics) {
        this.topics = topics;
        this.metrics = metrics;
    }

    /**
     * Compares the committed offsets with the records in the topic.
     *
     * @throws UnfitTopicsException when a committed offset lies beyond the end of the topic
     */
    public synchronized void look(QueueOffsets places) {
        places.committed().forEach((partition, committed) -> {
            requireNotAnew(partition, committed, places.ends().getOrDefault(partition, committed));
            var start = places.starts().getOrDefault(partition, 0L);
            if (start > committed && told.getOrDefault(partition, 0L) < start) {
                alarm(partition, Math.max(committed, told.getOrDefault(partition, 0L)), start);
            }
        });
    }

    private void alarm(TopicPartition partition, long from, long to) {
        told.put(partition, to);
        last = "the records " + from + " to " + (to - 1) + " of " + partition
                + " were deleted before a worker had read them";
        metrics.missed(to - from);
        LOG.error(
                "Queue {} has lost tasks: {}. Something other than the workers deletes from the topic: look at its retention.ms"
                        + " and retention.bytes, which must be -1",
                topics.queue(),
                last);
    }

    private void requireNotAnew(TopicPartition partition, long committed, long end) {
        if (committed > end) {
            throw new UnfitTopicsException(
                    "queue " + topics.queue() + " cannot be worked on: " + partition + " holds records up to "
                            + end + ", but the workers have read up to " + committed
                            + ". The topic was deleted and created again, or its broker has lost records. To read it from its beginning:"
                            + " stop all workers of the queue, and run kafka-consumer-groups --reset-offsets --to-earliest --execute"
                            + " --group " + topics.group() + " --topic " + topics.tasks());
        }
    }

    /** The last gap that was found since the start; empty when there was none. */
    public synchronized Optional<String> last() {
        return Optional.ofNullable(last);
    }
}

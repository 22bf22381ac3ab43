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
 * Raises an alarm when records of a queue were deleted that no worker had read. Its topic has no limit of age or size, so that happens only
 * where somebody has set one, or has deleted by hand. Kafka itself goes on behind such a gap without a word. Safe for use by several threads.
 */
public final class UnreadGaps {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadGaps.class);

    private final QueueTopics topics;
    private final EngineMetrics metrics;
    private final Map<TopicPartition, Long> told = new HashMap<>(); // first offset behind the gap; a partition has one
    private @Nullable String last;

    public UnreadGaps(QueueTopics topics, EngineMetrics metrics) {
        this.topics = topics;
        this.metrics = metrics;
    }

    /**
     * Compares what is committed with what is there.
     *
     * @throws UnfitTopicsException when more is committed than there ever was
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

package io.celeriac.engine.consumer;

import io.celeriac.engine.store.UnfinishedTasks;
import java.util.Collection;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Stops the worker before it commits past tasks that are only in its memory. This cannot happen as long as Streams calls
 * {@link UnfinishedTasks#flushCache} before each commit. If an upgrade of Kafka changes that, the first commit fails
 * before a crash can lose tasks.
 */
public final class CommitGuard {

    /** The store was not asked to log before a commit. */
    static final class Violation extends KafkaException {

        private static final long serialVersionUID = 1L;

        Violation(TopicPartition partition) {
            super("offsets of " + partition
                    + " would be committed over tasks that are not logged: this version of Kafka"
                    + " Streams does not flush stores before it commits. Go back to the version before the upgrade.");
        }
    }

    private CommitGuard() {}

    static void check(Collection<? extends ConsumerGate.Partition> open, Collection<TopicPartition> committed) {
        for (var partition : open) {
            if (committed.contains(partition.source()) && partition.hasUnlogged()) {
                throw new Violation(partition.source());
            }
        }
    }
}

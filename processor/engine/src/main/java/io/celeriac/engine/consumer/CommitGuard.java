package io.celeriac.engine.consumer;

import io.celeriac.engine.store.UnfinishedTasks;
import java.util.Collection;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Stops the worker rather than let it commit past tasks that only its memory has. Cannot happen as long as Streams calls
 * {@link UnfinishedTasks#flushCache} before each commit; should an upgrade of Kafka change that, the first commit fails
 * instead of the first crash losing tasks.
 */
public final class CommitGuard {

    /** The store was not asked to log before a commit. */
    static final class Violation extends KafkaException {

        private static final long serialVersionUID = 1L;

        Violation(TopicPartition partition) {
            super("offsets of " + partition
                    + " were to be committed over tasks that are not logged: this version of Kafka"
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

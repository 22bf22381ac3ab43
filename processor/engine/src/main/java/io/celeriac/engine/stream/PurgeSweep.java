package io.celeriac.engine.stream;

import io.celeriac.engine.control.Revocations;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.task.AcceptedTask;
import io.celeriac.engine.task.QueueProperties;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the tasks of a purged queue that wait here. Records that were not read yet are ended by the {@code RevocationGate} as they come.
 * It ends some in each pass, so that a million of them do not keep the stream thread from its polls. Belongs to the stream thread.
 */
final class PurgeSweep {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeSweep.class);

    /** Some milliseconds' work. */
    private static final int AT_ONCE = 1_000;

    private final Revocations revocations;
    private final QueueProperties settings;
    private final TopicPartition source;
    private final UnfinishedTasks store;
    private final Queue<String> ids = new ArrayDeque<>();

    PurgeSweep(Revocations revocations, QueueProperties settings, TopicPartition source, UnfinishedTasks store) {
        this.revocations = revocations;
        this.settings = settings;
        this.source = source;
        this.store = store;
    }

    /** Looks for tasks before the fence, if the partition has one. */
    void begin() {
        var fence = fence();
        if (fence > 0) {
            ids.clear();
            ids.addAll(store.idsBefore(fence));
            if (!ids.isEmpty()) {
                LOG.info("{} ends {} tasks before offset {}, as its queue was purged", source, ids.size(), fence);
            }
        }
    }

    /** A running task was not ended by the sweep. It is if it has to be tried again. */
    void add(AcceptedTask task) {
        if (task.origin().offset() < fence()) {
            ids.add(task.id());
        }
    }

    private long fence() {
        return revocations.fence(settings.queue(), source.topic(), source.partition());
    }

    /** Whether {@link #pass} has work. */
    boolean isUnderway() {
        return !ids.isEmpty();
    }

    /** @param end ends a task unless it runs */
    void pass(Consumer<String> end) {
        for (int i = 0; i < AT_ONCE && !ids.isEmpty(); i++) {
            end.accept(ids.remove());
        }
    }
}

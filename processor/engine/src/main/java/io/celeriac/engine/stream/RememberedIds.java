package io.celeriac.engine.stream;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.store.UnfinishedTasks;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the ids of finished tasks that a partition remembers. Belongs to the stream thread. */
final class RememberedIds {

    private static final Logger LOG = LoggerFactory.getLogger(RememberedIds.class);

    private final TopicPartition source;
    private final UnfinishedTasks store;
    private final EngineMetrics metrics;
    private int counted;
    private long forgottenEarly;

    RememberedIds(TopicPartition source, UnfinishedTasks store, EngineMetrics metrics) {
        this.source = source;
        this.store = store;
        this.metrics = metrics;
        this.forgottenEarly = store.forgottenEarly();
    }

    void count() {
        metrics.rememberedIds(store.remembered() - counted);
        counted = store.remembered();
        if (store.forgottenEarly() > forgottenEarly) {
            metrics.forgottenEarly(store.forgottenEarly() - forgottenEarly);
            forgottenEarly = store.forgottenEarly();
            LOG.warn("{} has too many finished tasks to remember: the oldest are forgotten before their time", source);
        }
    }

    /** The partition remembers nothing here from now on. */
    void close() {
        metrics.rememberedIds(-counted);
        counted = 0;
    }
}

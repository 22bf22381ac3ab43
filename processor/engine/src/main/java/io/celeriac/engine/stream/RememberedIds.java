package io.celeriac.engine.stream;

import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.store.UniqueKeys;
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
    private int countedKeys;
    private long keysForgottenEarly;

    RememberedIds(TopicPartition source, UnfinishedTasks store, EngineMetrics metrics) {
        this.source = source;
        this.store = store;
        this.metrics = metrics;
        this.forgottenEarly = store.forgottenEarly();
        this.keysForgottenEarly = store.uniqueKeys().forgottenEarly();
    }

    void count() {
        metrics.rememberedIds(store.remembered() - counted);
        counted = store.remembered();
        if (store.forgottenEarly() > forgottenEarly) {
            metrics.forgottenEarly(store.forgottenEarly() - forgottenEarly);
            forgottenEarly = store.forgottenEarly();
            LOG.warn("{} has too many finished tasks to remember: the oldest are forgotten before their time", source);
        }
        countKeys(store.uniqueKeys());
    }

    private void countKeys(UniqueKeys keys) {
        metrics.uniqueKeys(keys.remembered() - countedKeys);
        countedKeys = keys.remembered();
        if (keys.forgottenEarly() > keysForgottenEarly) {
            metrics.uniqueForgottenEarly(keys.forgottenEarly() - keysForgottenEarly);
            keysForgottenEarly = keys.forgottenEarly();
            LOG.warn(
                    "{} has too many unique keys of finished tasks: the first that end are forgotten before their time",
                    source);
        }
    }

    /** The partition remembers nothing here from now on. */
    void close() {
        metrics.rememberedIds(-counted);
        counted = 0;
        metrics.uniqueKeys(-countedKeys);
        countedKeys = 0;
    }
}

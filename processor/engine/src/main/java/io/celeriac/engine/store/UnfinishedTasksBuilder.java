package io.celeriac.engine.store;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds {@link UnfinishedTasks} around a stock store, which does the logging, restoring and standbys. */
public final class UnfinishedTasksBuilder implements StoreBuilder<UnfinishedTasks> {

    private final KeyValueBytesStoreSupplier supplier;
    private final StoredTaskCodec codec;
    private final Supplier<DeduplicationWindow> recent;
    private Map<String, String> changelog = Map.of();

    public UnfinishedTasksBuilder(
            KeyValueBytesStoreSupplier supplier, StoredTaskCodec codec, Supplier<DeduplicationWindow> recent) {
        this.supplier = supplier;
        this.codec = codec;
        this.recent = recent;
    }

    @Override
    public UnfinishedTasks build() {
        var log = Stores.keyValueStoreBuilder(supplier, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelog)
                .withCachingDisabled()
                .build();
        return new UnfinishedTasks(log, codec, recent.get());
    }

    @Override
    public StoreBuilder<UnfinishedTasks> withLoggingEnabled(Map<String, String> config) {
        changelog = Map.copyOf(config);
        return this;
    }

    @Override
    public StoreBuilder<UnfinishedTasks> withLoggingDisabled() {
        throw new UnsupportedOperationException("without its changelog the store would lose tasks");
    }

    @Override
    public StoreBuilder<UnfinishedTasks> withCachingEnabled() {
        return this; // the store is the cache
    }

    @Override
    public StoreBuilder<UnfinishedTasks> withCachingDisabled() {
        return this;
    }

    @Override
    public Map<String, String> logConfig() {
        return changelog;
    }

    @Override
    public boolean loggingEnabled() {
        return true;
    }

    @Override
    public String name() {
        return supplier.name();
    }
}

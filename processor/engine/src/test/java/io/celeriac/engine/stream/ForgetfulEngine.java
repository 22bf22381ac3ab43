package io.celeriac.engine.stream;

import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.store.DeduplicationWindow;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.store.UnfinishedTasks;
import io.celeriac.engine.store.UnfinishedTasksBuilder;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The engine on a Streams that does not flush its store before a commit, as an upgrade of Kafka might bring it: Streams sees a
 * store that is no cache, and the engine's own lies behind it.
 */
public final class ForgetfulEngine implements AutoCloseable {

    private final BareEngine engine;
    private final KafkaStreams streams;

    /** Starts it. */
    public ForgetfulEngine(
            String bootstrapServers, String namespace, boolean exactlyOnce, List<Handler> handlers, Path stateDir) {
        engine = new BareEngine(bootstrapServers, namespace, exactlyOnce, handlers);
        streams = engine.streams(topology(), engine.clients, stateDir, Map.of());
        streams.start();
    }

    /** What Streams is doing. */
    public KafkaStreams.State state() {
        return streams.state();
    }

    @Override
    public void close() {
        streams.close(Duration.ofSeconds(30));
        engine.close();
    }

    private Topology topology() {
        var settings = engine.settings();
        var with = engine.collaborators(engine.clients);
        Serializer<OutboundRecord> value = (to, publication) -> publication.value();
        var key = new ByteArraySerializer();
        var bytes = new ByteArrayDeserializer();
        var run = "run";
        return new Topology()
                .addSource(AutoOffsetReset.earliest(), "tasks", bytes, bytes, settings.topic())
                .addProcessor(run, () -> new BehindProcessor(new TaskProcessor(settings, with)), "tasks")
                .addStateStore(new HidingBuilder(settings), run)
                .addSink(TaskTopology.RESULTS, (k, publication, c) -> publication.topic(), key, value, run)
                .addSink(TaskTopology.DEAD_LETTERS, (k, publication, c) -> publication.topic(), key, value, run);
    }

    /** What Streams gets to see of the store. */
    private record HidingStore(UnfinishedTasks hidden) implements StateStore {

        @Override
        public String name() {
            return hidden.name();
        }

        @Override
        public void init(StateStoreContext context, StateStore root) {
            hidden.init(context, this);
        }

        @Override
        public void commit(Map<TopicPartition, Long> changelogOffsets) {
            hidden.commit(changelogOffsets);
        }

        @Override
        public Long committedOffset(TopicPartition partition) {
            return hidden.committedOffset(partition);
        }

        @Override
        @SuppressWarnings("deprecation")
        public boolean managesOffsets() {
            return hidden.managesOffsets();
        }

        @Override
        public void close() {
            hidden.close();
        }

        @Override
        public boolean persistent() {
            return hidden.persistent();
        }

        @Override
        public boolean isOpen() {
            return hidden.isOpen();
        }
    }

    private record HidingBuilder(UnfinishedTasksBuilder tasks) implements StoreBuilder<HidingStore> {

        HidingBuilder(QueueProperties settings) {
            this(new UnfinishedTasksBuilder(
                    Stores.inMemoryKeyValueStore(TaskTopology.STORE),
                    new StoredTaskCodec(settings.queue(), settings.topic(), (task, why) -> List.of()),
                    () -> new DeduplicationWindow(settings.deduplication().toMillis(), DeduplicationWindow.MOST)));
        }

        @Override
        public HidingStore build() {
            return new HidingStore(tasks.build());
        }

        @Override
        public StoreBuilder<HidingStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<HidingStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<HidingStore> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<HidingStore> withLoggingDisabled() {
            return this;
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of("cleanup.policy", "compact");
        }

        @Override
        public boolean loggingEnabled() {
            return true;
        }

        @Override
        public String name() {
            return tasks.name();
        }
    }

    /** Shows the processor the store that it knows. */
    private record BehindProcessor(TaskProcessor processor)
            implements Processor<byte[], byte[], byte[], OutboundRecord> {

        @Override
        @SuppressWarnings("unchecked")
        public void init(ProcessorContext<byte[], OutboundRecord> context) {
            processor.init((ProcessorContext<byte[], OutboundRecord>) Proxy.newProxyInstance(
                    BehindProcessor.class.getClassLoader(),
                    new Class<?>[] {ProcessorContext.class},
                    (proxy, method, arguments) -> {
                        try {
                            var answer = method.invoke(context, arguments);
                            return answer instanceof HidingStore store ? store.hidden() : answer;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            processor.process(record);
        }

        @Override
        public void close() {
            processor.close();
        }
    }
}

package io.celeriac.engine.stream;

import io.celeriac.engine.store.DeduplicationWindow;
import io.celeriac.engine.store.StoredTaskCodec;
import io.celeriac.engine.store.UnfinishedTasksBuilder;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.RecordContext;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;

/**
 * The topology of a queue's workers:
 *
 * <pre>
 * tasks ──▶ run ──▶ results, next-steps, workflow-events, dead-letters
 *           run ◀─▶ unfinished-tasks
 * </pre>
 *
 * <p>There is one per queue, so that queues are isolated: each has its own consumer group, threads and offsets. A slow handler does
 * not hold its partition up, because {@code run} only hands tasks over. The same settings give the same topology.
 */
public final class TaskTopology {

    /** Name of the store, and so of its changelog topic, as {@code Topics} has it. Changing it loses the unfinished tasks. */
    public static final String STORE = "unfinished-tasks";

    static final String RESULTS = "results";
    static final String NEXT_STEPS = "next-steps";
    static final String WORKFLOW_EVENTS = "workflow-events";
    static final String DEAD_LETTERS = "dead-letters";

    private static final String TASKS = "tasks";
    private static final String RUN = "run";

    /** Settings of a compacted log that is cleaned early and often, as a restore reads all that the cleaner has not reached. */
    private static final Map<String, String> CHANGELOG = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(32 << 20),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1",
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            "60000");

    private TaskTopology() {}

    /**
     * @param log the store's inner store, named {@link #STORE}
     * @param maxRequestBytes the most bytes that the producer may send in a record
     */
    public static Topology build(
            QueueProperties settings, KeyValueBytesStoreSupplier log, int maxRequestBytes, QueueContext queue) {
        var codec = new StoredTaskCodec(
                settings.queue(),
                settings.topic(),
                (task, why) -> queue.outcomes().refused(task, why, queue.clock().instant()));
        var window = settings.deduplication().toMillis();
        var store = new UnfinishedTasksBuilder(
                        log, codec, () -> new DeduplicationWindow(window, DeduplicationWindow.MOST))
                .withLoggingEnabled(changelog(maxRequestBytes));
        Serializer<OutboundRecord> value = (to, publication) -> publication.value();
        var bytes = new ByteArrayDeserializer();
        var key = new ByteArraySerializer();
        return new Topology()
                .addSource(AutoOffsetReset.earliest(), TASKS, TaskTopology::timestampOf, bytes, bytes, settings.topic())
                .addProcessor(RUN, () -> new TaskProcessor(settings, queue), TASKS)
                .addStateStore(store, RUN)
                .addSink(RESULTS, TaskTopology::topicOf, key, value, RUN)
                .addSink(NEXT_STEPS, TaskTopology::topicOf, key, value, RUN)
                .addSink(WORKFLOW_EVENTS, TaskTopology::topicOf, key, value, RUN)
                .addSink(DEAD_LETTERS, TaskTopology::topicOf, key, value, RUN);
    }

    private static Map<String, String> changelog(int maxRequestBytes) {
        var config = new HashMap<>(CHANGELOG);
        config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRequestBytes));
        return config;
    }

    /** Accepts a record without a timestamp, as it may be a task like any other. */
    private static long timestampOf(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(0, record.timestamp());
    }

    private static String topicOf(byte[] key, OutboundRecord publication, RecordContext context) {
        return publication.topic();
    }
}

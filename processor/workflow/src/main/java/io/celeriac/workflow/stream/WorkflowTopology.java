package io.celeriac.workflow.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of the coordinator:
 *
 * <pre>
 * workflows, workflow-events ──▶ run ──▶ tasks, results, workflow-states, control, dead-letters
 *                                run ◀─▶ workflows
 * </pre>
 *
 * <p>Both sources have the same number of partitions and the workflow's id as key, so one partition has a workflow and all its events.
 */
final class WorkflowTopology {

    /** Name of the store, and so of its changelog topic. Changing it loses the workflows that run. */
    static final String STORE = "workflows";

    private static final String SOURCES = "workflows-and-events";
    private static final String RUN = "run-workflows";
    private static final String SENT = "sent";

    /** As for unfinished tasks: cleaned early and often, as a restore reads all that the cleaner has not reached. */
    private static final Map<String, String> CHANGELOG = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(32 << 20),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1",
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            "60000");

    private WorkflowTopology() {}

    static Topology build(CoordinatorContext coordinator, KeyValueBytesStoreSupplier log, int maxRequestBytes) {
        var changelog = new HashMap<>(CHANGELOG);
        changelog.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRequestBytes));
        var store = Stores.keyValueStoreBuilder(log, Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(changelog)
                .withCachingEnabled(); // counts of a group change with each event, and are logged once for each commit
        Serializer<Outgoing> value = (to, outgoing) -> outgoing.value();
        var bytes = new ByteArrayDeserializer();
        var topics = coordinator.topics();
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SOURCES,
                        WorkflowTopology::timestampOf,
                        bytes,
                        bytes,
                        topics.workflows(),
                        topics.workflowEvents())
                .addProcessor(RUN, () -> new WorkflowProcessor(coordinator), SOURCES)
                .addStateStore(store, RUN)
                .addSink(SENT, (key, outgoing, context) -> outgoing.topic(), new ByteArraySerializer(), value, RUN);
    }

    /** Accepts a record without a timestamp. */
    private static long timestampOf(ConsumerRecord<Object, Object> record, long partitionTime) {
        return Math.max(0, record.timestamp());
    }
}

package io.celeriac.engine.stream;

import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.QueueProperties;
import io.celeriac.engine.task.SourceRecord;
import java.time.Instant;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The Streams processor of a partition. {@link PartitionTasks} does the work. Each life has a new one: Streams calls {@link #init} again
 * on the same object when it revives a task after a failure.
 */
final class TaskProcessor implements Processor<byte[], byte[], byte[], OutboundRecord> {

    private final QueueProperties settings;
    private final QueueContext queue;
    private @Nullable ProcessorContext<byte[], OutboundRecord> context;
    private @Nullable PartitionTasks tasks;

    TaskProcessor(QueueProperties settings, QueueContext queue) {
        this.settings = settings;
        this.queue = queue;
    }

    @Override
    public void init(ProcessorContext<byte[], OutboundRecord> newContext) {
        context = newContext;
        tasks = new PartitionTasks(settings, queue, newContext);
        tasks.begin();
    }

    PartitionTasks tasks() {
        return Objects.requireNonNull(tasks, "Streams calls init before anything else");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        tasks().take(origin(record, Objects.requireNonNull(context)));
    }

    @Override
    public void close() {
        if (tasks != null) {
            tasks.close();
        }
    }

    private SourceRecord origin(Record<byte[], byte[]> record, ProcessorContext<?, ?> context) {
        var metadata = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a record of a source topic has metadata"));
        return new SourceRecord(
                settings.queue(),
                metadata.topic(),
                metadata.partition(),
                metadata.offset(),
                Instant.ofEpochMilli(Math.max(0, record.timestamp())),
                record.key(),
                record.value(),
                record.headers());
    }
}

package io.celeriac.engine.stream;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import io.celeriac.engine.task.Sender;
import java.time.InstantSource;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the records of a partition. Under exactly-once they go through the sinks of the topology, as they belong to the transaction of
 * Streams, and only its stream thread may publish. Otherwise they go to the producer at once, and attempts publish their own.
 */
final class Outlet {

    private final ProcessorContext<byte[], OutboundRecord> context;
    private final @Nullable Sender sender;
    private final Runnable published;
    private final InstantSource clock;
    private final EngineMetrics metrics;

    /**
     * @param sender null to publish by Streams
     * @param published called when the stream thread has published without Streams, which then knows nothing of it
     */
    Outlet(
            ProcessorContext<byte[], OutboundRecord> context,
            @Nullable Sender sender,
            Runnable published,
            InstantSource clock,
            EngineMetrics metrics) {
        this.context = context;
        this.sender = sender;
        this.published = published;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** Whether records are published without Streams, at any time and on any thread. */
    boolean isDirect() {
        return sender != null;
    }

    /** Publishes on any thread; null where only the stream thread may publish. */
    @Nullable
    Sender ofAttempts() {
        return sender == null ? null : (record, whenDurable) -> send(sender, record, whenDurable);
    }

    /** Publishes on the stream thread. */
    void publish(OutboundRecord record) {
        if (sender == null) {
            forward(record);
            count(record);
            return;
        }
        published.run();
        try {
            send(sender, record, () -> {});
        } catch (
                KafkaException
                        e) { // as Streams reports it: the outcome is not in the store, so the partition must begin
            // again
            throw e instanceof StreamsException ? e : new StreamsException("a record cannot be published", e);
        }
    }

    private void send(Sender to, OutboundRecord record, Runnable whenDurable) {
        to.send(record, whenDurable);
        count(record);
    }

    private void forward(OutboundRecord record) {
        var sink = switch (record.destination()) {
            case RESULTS -> TaskTopology.RESULTS;
            case NEXT_STEPS -> TaskTopology.NEXT_STEPS;
            case WORKFLOW_EVENTS -> TaskTopology.WORKFLOW_EVENTS;
            case DEAD_LETTERS -> TaskTopology.DEAD_LETTERS;
        };
        context.forward(new Record<>(record.key(), record, clock.millis(), new RecordHeaders(record.headers())), sink);
    }

    private void count(OutboundRecord record) {
        if (record.destination() == Destination.DEAD_LETTERS) {
            var letter = DeadLetter.from(new RecordHeaders(record.headers()));
            if (letter != null) {
                metrics.deadLetter(letter.reason());
            }
        }
    }
}

package io.celeriac.engine.stream;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.engine.EngineMetrics;
import io.celeriac.engine.task.OutboundRecord;
import io.celeriac.engine.task.OutboundRecord.Destination;
import java.time.InstantSource;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends records from the topology to its sinks. Belongs to the stream thread. */
record Outlet(ProcessorContext<byte[], OutboundRecord> context, InstantSource clock, EngineMetrics metrics) {

    void publish(OutboundRecord publication) {
        var record =
                new Record<>(publication.key(), publication, clock.millis(), new RecordHeaders(publication.headers()));
        var sink = switch (publication.destination()) {
            case RESULTS -> TaskTopology.RESULTS;
            case NEXT_STEPS -> TaskTopology.NEXT_STEPS;
            case WORKFLOW_EVENTS -> TaskTopology.WORKFLOW_EVENTS;
            case DEAD_LETTERS -> TaskTopology.DEAD_LETTERS;
        };
        context.forward(record, sink);
        if (publication.destination() == Destination.DEAD_LETTERS) {
            count(record.headers());
        }
    }

    private void count(Headers headers) {
        var letter = DeadLetter.from(headers);
        if (letter != null) {
            metrics.deadLetter(letter.reason());
        }
    }
}

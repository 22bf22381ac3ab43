package io.celeriac.engine.stream;

import io.celeriac.engine.attempt.Publication;
import java.time.InstantSource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Where publications leave the topology. Belongs to the stream thread. */
record Outlet(ProcessorContext<byte[], Publication> context, InstantSource clock) {

    void publish(Publication publication) {
        var record =
                new Record<>(publication.key(), publication, clock.millis(), new RecordHeaders(publication.headers()));
        var sink = switch (publication.destination()) {
            case RESULTS -> TaskTopology.RESULTS;
            case NEXT_STEPS -> TaskTopology.NEXT_STEPS;
            case DEAD_LETTERS -> TaskTopology.DEAD_LETTERS;
        };
        context.forward(record, sink);
    }
}

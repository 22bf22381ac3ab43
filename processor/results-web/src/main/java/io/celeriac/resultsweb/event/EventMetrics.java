package io.celeriac.resultsweb.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Metrics of the event streams.
 *
 * <pre>
 * celeriac.web.events.clients   gauge: open streams
 * celeriac.web.events.sent      counter: state changes written, over all clients
 * celeriac.web.events.dropped   counter: streams that were ended with a notice, for example because they were read too slowly
 * </pre>
 */
final class EventMetrics {

    private final AtomicInteger clients = new AtomicInteger();
    private final Counter sent;
    private final Counter dropped;

    EventMetrics(MeterRegistry registry) {
        Gauge.builder("celeriac.web.events.clients", clients, AtomicInteger::get)
                .description("Open streams of events")
                .register(registry);
        sent = Counter.builder("celeriac.web.events.sent")
                .description("State changes written to streams")
                .register(registry);
        dropped = Counter.builder("celeriac.web.events.dropped")
                .description("Streams ended with a notice")
                .register(registry);
    }

    /** Open streams. */
    AtomicInteger clients() {
        return clients;
    }

    void sent(int changes) {
        sent.increment(changes);
    }

    void dropped() {
        dropped.increment();
    }
}

package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Visitors and streams that are open at the same time. For one thread. */
final class Audience implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Calls calls;
    private final Random random;
    private final List<Visitor> visitors = new ArrayList<>();
    private final List<EventCount> streams = new ArrayList<>();
    private final Timings firstByte = new Timings();
    private long eventsBefore;

    Audience(Calls calls, Random random) {
        this.calls = calls;
        this.random = random;
    }

    void add(List<Visitor.Look> looks) {
        visitors.add(new Visitor(calls, looks, firstByte, random));
    }

    void openStream() {
        var events = new EventCount();
        streams.add(events);
        calls.stream("/api/tasks/events", events);
    }

    /** Forgets what was measured so far. */
    void begin() {
        eventsBefore = allEvents();
        firstByte.begin();
    }

    /** Waits until there is something to tell, which on a busy machine takes longer than the measurement. */
    void awaitSome() {
        Patience.await(
                "each reader is answered",
                PATIENCE,
                () -> firstByte.answered() >= visitors.size() && (streams.isEmpty() || events() > 0));
    }

    /** Calls since the beginning that were answered 503. */
    long refused() {
        return firstByte.refusals();
    }

    /** Of all answers since the beginning, until the first byte, in microseconds. */
    Histogram firstByteMicros() {
        return firstByte.micros();
    }

    /** Of all streams since the beginning. */
    long events() {
        return allEvents() - eventsBefore;
    }

    private long allEvents() {
        return streams.stream().mapToLong(EventCount::events).sum();
    }

    @Override
    public void close() {
        streams.forEach(EventCount::close);
        visitors.forEach(Visitor::close);
    }
}

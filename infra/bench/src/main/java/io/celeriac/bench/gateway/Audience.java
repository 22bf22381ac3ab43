package io.celeriac.bench.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;

/** Visitors and streams that are open at the same time. For one thread. */
final class Audience implements AutoCloseable {

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

package io.celeriac.bench.gateway;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long calls took since a measurement began, in microseconds. Safe for several threads. */
final class Timings {

    private static final int DIGITS = 3;

    private final AtomicLong refused = new AtomicLong();
    private volatile ConcurrentHistogram micros = new ConcurrentHistogram(DIGITS);

    /** Forgets what was measured so far. */
    void begin() {
        micros = new ConcurrentHistogram(DIGITS);
        refused.set(0);
    }

    void add(long more) {
        micros.recordValue(more);
    }

    /** Counts a call that was answered 503: it is fast, and must not be measured. */
    void refused() {
        refused.incrementAndGet();
    }

    long refusals() {
        return refused.get();
    }

    /** How many calls were answered as they should be. */
    long answered() {
        return micros.getTotalCount();
    }

    Histogram micros() {
        return micros;
    }
}

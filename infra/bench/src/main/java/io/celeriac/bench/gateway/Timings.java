package io.celeriac.bench.gateway;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** How long calls took since a measurement began, in microseconds. Safe for several threads. */
final class Timings {

    private static final int DIGITS = 3;

    private volatile ConcurrentHistogram micros = new ConcurrentHistogram(DIGITS);

    /** Forgets what was measured so far. */
    void begin() {
        micros = new ConcurrentHistogram(DIGITS);
    }

    void add(long more) {
        micros.recordValue(more);
    }

    Histogram micros() {
        return micros;
    }
}

package io.celeriac.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that stands still until a test moves it. Any thread may read it, and any may move it. */
public final class MutableClock implements InstantSource {

    private volatile Instant now;

    private MutableClock(Instant start) {
        now = start;
    }

    public static MutableClock at(Instant start) {
        return new MutableClock(start);
    }

    /** {@code start} as in {@code 2026-01-01T00:00:00Z}. */
    public static MutableClock at(String start) {
        return at(Instant.parse(start));
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Moves time on by {@code step} and returns the new time; a negative step moves it back, as a bad clock would. */
    public synchronized Instant advance(Duration step) {
        Instant moved = now.plus(step);
        now = moved;
        return moved;
    }

    public synchronized void set(Instant instant) {
        now = instant;
    }
}

package io.celeriac.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A clock that stands still until a test moves it. On its way it stops wherever a task is due, and the task runs in the thread of the
 * test, at its time. Any thread may read it.
 */
public final class TestClock implements InstantSource {

    /** Something that happens at a time. */
    interface Alarm {

        /** When it happens next; null for never. */
        @Nullable
        Instant next();

        /** Called when the clock is there. */
        void ring();
    }

    private static final Alarm NONE = new Alarm() {
        @Override
        public @Nullable Instant next() {
            return null;
        }

        @Override
        public void ring() {}
    };

    private final Instant start;
    private volatile Instant now;
    private volatile Alarm alarm = NONE;

    private TestClock(Instant start) {
        this.start = start;
        now = start;
    }

    /** A clock that stands at the time of now. */
    public static TestClock start() {
        return at(InstantSource.system().instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** A clock that stands at a time. */
    public static TestClock at(Instant start) {
        return new TestClock(start);
    }

    void rings(Alarm newAlarm) {
        alarm = newAlarm;
    }

    void reset() {
        alarm = NONE;
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Moves the clock on, and runs the tasks that become due.
     *
     * @param step from now, ≥ 0
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("the clock does not go back, but the step is " + step);
        }
        advanceTo(now.plus(step));
    }

    /**
     * Moves the clock on to a time, and runs the tasks that become due.
     *
     * @param time not before now
     */
    public void advanceTo(Instant time) {
        if (time.isBefore(now)) {
            throw new IllegalArgumentException("the clock stands at " + now + " and does not go back to " + time);
        }
        for (var next = alarm.next(); next != null && !next.isAfter(time); next = alarm.next()) {
            if (next.isAfter(now)) {
                now = next;
            }
            alarm.ring();
        }
        now = time;
    }
}

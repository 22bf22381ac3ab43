package io.celeriac.bench.harness;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting: for something to hold, or for time to pass where that is what is measured. */
public final class Patience {

    private static final Duration POLL = Duration.ofMillis(20);

    private Patience() {}

    /**
     * Asks again and again until something holds.
     *
     * @throws IllegalStateException when it does not in time; {@code what} says what was waited for
     */
    public static void await(String what, Duration patience, BooleanSupplier condition) {
        var end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + patience + " in vain until " + what);
            }
            pause(POLL);
        }
    }

    /** Lets time pass. */
    public static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

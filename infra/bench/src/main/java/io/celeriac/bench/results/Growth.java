package io.celeriac.bench.results;

import io.celeriac.bench.harness.Patience;
import io.celeriac.bench.harness.Program;
import io.celeriac.bench.report.Rounded;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A number that a program makes grow, looked at again and again. */
final class Growth {

    private static final Duration LOOK = Duration.ofMillis(25);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final LongSupplier number;
    private final Program program;

    Growth(LongSupplier number, Program program) {
        this.number = number;
        this.program = program;
    }

    /** Waits until it is so large; what there was at the first sight of any does not count, nor does the time before. */
    double perSecondUpTo(long target) {
        awaitAtLeast(1);
        var first = number.getAsLong();
        var from = System.nanoTime();
        awaitAtLeast(target);
        return Rounded.to(1, (target - first) * 1e9 / (System.nanoTime() - from));
    }

    /**
     * Waits until it is so large.
     *
     * @throws IllegalStateException when it does not grow for two minutes, with the end of the program's log
     */
    void awaitAtLeast(long target) {
        var last = number.getAsLong();
        var progress = System.nanoTime();
        while (last < target) {
            Patience.pause(LOOK);
            var next = number.getAsLong();
            if (next > last) {
                last = next;
                progress = System.nanoTime();
            }
            if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                throw new IllegalStateException(last + " of " + target + ", and nothing comes for "
                        + PATIENCE.toSeconds() + " s" + program.logTail());
            }
        }
    }
}

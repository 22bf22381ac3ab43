package io.celeriac.workflow.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the failures in a row of a coordinator's stream threads. Safe for use by several threads.
 *
 * <p>A successor runs before it meets the record that ended the thread before it, so running is no sign of health. The failures are
 * forgotten when the threads have worked for a while.
 */
final class CoordinatorFailures {

    private static final int MANY = 3;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** Longer than a send may block and then fail; otherwise a slow failure would look like success. */
    private static final Duration CALM = Duration.ofMinutes(2);

    private final int threads;
    private final InstantSource clock;
    private int inARow;
    private Instant calmFrom = Instant.MIN;
    private @Nullable String last;

    /** @param threads number of stream threads, which may all fail at once for the same reason */
    CoordinatorFailures(int threads, InstantSource clock) {
        this.threads = threads;
        this.clock = clock;
    }

    /** Returns how long the successor waits: longer each time, and half a minute at most. */
    synchronized Duration failed(Throwable failure) {
        forgetIfCalm();
        var longer = FIRST_PAUSE.multipliedBy(1L << Math.min(inARow, 10));
        var pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        inARow++;
        last = failure.toString();
        calmFrom = clock.instant().plus(pause).plus(CALM);
        return pause;
    }

    /** Whether the threads have failed so often in a row that the coordinator is down. */
    synchronized boolean areTooMany() {
        forgetIfCalm();
        return inARow >= MANY * threads;
    }

    /** The last failure, also after it is forgotten. */
    synchronized Optional<String> last() {
        return Optional.ofNullable(last);
    }

    private void forgetIfCalm() {
        if (!clock.instant().isBefore(calmFrom)) {
            inARow = 0;
        }
    }
}

package io.celeriac.bench.gateway;

import io.celeriac.bench.harness.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Somebody who looks at the same things again and again, on a thread of its own, until it is closed. */
final class Visitor implements AutoCloseable {

    /**
     * One of the things.
     *
     * @param path at this moment
     * @param every how often
     */
    record Look(Supplier<String> path, Duration every) {}

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Calls calls;
    private final List<Look> looks;
    private final Timings timings;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final long[] due;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param timings where the times until the first byte go
     * @param random when the first look at each is: readers do not look at the same time
     */
    Visitor(Calls calls, List<Look> looks, Timings timings, Random random) {
        this.calls = calls;
        this.looks = looks;
        this.timings = timings;
        var now = System.nanoTime();
        due = looks.stream()
                .mapToLong(
                        look -> now + (long) (random.nextDouble() * look.every().toNanos()))
                .toArray();
        thread = new Thread(this::run, "visitor");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                lookAtWhatIsDue();
                Patience.pause(Duration.ofMillis(5));
            }
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    private void lookAtWhatIsDue() {
        for (var i = 0; i < due.length; i++) {
            if (System.nanoTime() - due[i] >= 0) {
                var look = looks.get(i);
                var answer = calls.get(look.path().get());
                if (answer.isRefused()) {
                    timings.refused();
                } else {
                    timings.add(Calls.expect(200, answer).firstByteMicros());
                }
                due[i] = Math.max(due[i] + look.every().toNanos(), System.nanoTime());
            }
        }
    }

    /**
     * Ends after the look that goes on.
     *
     * @throws IllegalStateException when a look failed
     */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a reader was not answered", failure.get());
        }
    }
}

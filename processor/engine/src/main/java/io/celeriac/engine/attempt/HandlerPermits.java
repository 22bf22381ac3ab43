package io.celeriac.engine.attempt;

import io.celeriac.engine.handler.Handler;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether an attempt may begin now under the limits of its handler.
 *
 * <p>A refused attempt is tried again when another attempt ends and its thread looks for the next, and by a timer if only the
 * rate refused it. Safe for use by several threads; one lock is enough, because few attempts have limits.
 */
final class HandlerPermits {

    private static final class Use {
        private int running;
        private Instant nextBegin = Instant.MIN;
        private boolean timerSet;
    }

    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Runnable askAgain;
    private final Map<String, Use> byHandler = new HashMap<>(); // guarded by this

    /**
     * @param askAgain run by the timer when a refused attempt may begin
     */
    HandlerPermits(InstantSource clock, ScheduledExecutorService timer, Runnable askAgain) {
        this.clock = clock;
        this.timer = timer;
        this.askAgain = askAgain;
    }

    /** Whether an attempt may begin; {@link #tryBegin} may still refuse it if another attempt was faster. */
    synchronized boolean permits(Handler handler) {
        return !isConcurrencyUsed(handler) && untilRate(handler) <= 0;
    }

    /** Begins an attempt if it may begin, and counts it until {@link #ended}. */
    synchronized boolean tryBegin(Handler handler) {
        if (isConcurrencyUsed(handler)) {
            return false;
        }
        var wait = untilRate(handler);
        if (wait > 0) {
            askAgainIn(wait, use(handler));
            return false;
        }
        begin(handler);
        return true;
    }

    private void begin(Handler handler) {
        var use = use(handler);
        use.running++;
        var rate = handler.limits().rate();
        if (rate != null) {
            use.nextBegin = clock.instant().plus(rate.interval());
        }
    }

    /** Called when an attempt that {@link #tryBegin} let through has ended. */
    synchronized void ended(Handler handler) {
        if (!handler.limits().areNone()) {
            use(handler).running--;
        }
    }

    private boolean isConcurrencyUsed(Handler handler) {
        var most = handler.limits().concurrency();
        return most != null && use(handler).running >= most;
    }

    /** Nanoseconds until the rate lets the next attempt begin; zero or less for now. */
    private long untilRate(Handler handler) {
        if (handler.limits().rate() == null) {
            return 0;
        }
        var next = use(handler).nextBegin;
        return next.equals(Instant.MIN) ? 0 : clock.instant().until(next, ChronoUnit.NANOS);
    }

    private void askAgainIn(long nanos, Use use) {
        if (!use.timerSet) {
            use.timerSet = true;
            timer.schedule(() -> askAgain(use), nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void askAgain(Use use) {
        synchronized (this) {
            use.timerSet = false;
        }
        askAgain.run();
    }

    private Use use(Handler handler) {
        return byHandler.computeIfAbsent(handler.name(), name -> new Use());
    }
}

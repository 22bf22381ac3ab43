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
 * Says of an attempt whether it may begin now, as far as its handler has limits.
 *
 * <p>Whoever is refused is asked again: when another attempt ends, as its thread looks for the next, and by a timer where it
 * is only a matter of time. Safe for use by several threads; one lock, as few attempts have limits.
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
     * @param askAgain run by the timer when one that was refused may begin
     */
    HandlerPermits(InstantSource clock, ScheduledExecutorService timer, Runnable askAgain) {
        this.clock = clock;
        this.timer = timer;
        this.askAgain = askAgain;
    }

    /** Whether an attempt may begin; {@link #tryBegin} may still refuse it, when another was faster. */
    synchronized boolean permits(Handler handler) {
        return !isConcurrencyUsed(handler) && untilRate(handler) <= 0;
    }

    /** Begins one if it may, and counts it until {@link #ended}. */
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

    /** An attempt that was let through by {@link #tryBegin} has ended. */
    synchronized void ended(Handler handler) {
        if (!handler.limits().areNone()) {
            use(handler).running--;
        }
    }

    private boolean isConcurrencyUsed(Handler handler) {
        var most = handler.limits().concurrency();
        return most != null && use(handler).running >= most;
    }

    /** Nanoseconds. */
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

package io.celeriac.engine.attempt;

import io.celeriac.engine.control.LiveSettings;
import io.celeriac.engine.handler.Handler;
import io.celeriac.engine.handler.HandlerLimits;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether an attempt may begin now under the limits of its handler.
 *
 * <p>A refused attempt is tried again when another attempt ends and its thread looks for the next, and by a timer if only the
 * rate refused it. The limits may change at any time. Safe for use by several threads; one lock is enough, because few attempts have
 * limits.
 */
final class HandlerPermits {

    private static final class Use {
        private final Set<Attempt> running = Collections.newSetFromMap(new IdentityHashMap<>());
        private Instant lastBegin = Instant.MIN;
        private boolean timerSet;
    }

    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Runnable askAgain;
    private final LiveSettings settings;
    private final ConcurrentMap<String, Use> byHandler = new ConcurrentHashMap<>(); // its values are guarded by this

    /**
     * @param askAgain run by the timer when a refused attempt may begin
     */
    HandlerPermits(InstantSource clock, ScheduledExecutorService timer, Runnable askAgain, LiveSettings settings) {
        this.clock = clock;
        this.timer = timer;
        this.askAgain = askAgain;
        this.settings = settings;
    }

    /** Whether a handler has limits now. */
    boolean areFor(Handler handler) {
        return !settings.limits(handler).areNone();
    }

    /** Whether an attempt may begin; {@link #tryBegin} may still refuse it if another attempt was faster. */
    synchronized boolean permits(Handler handler) {
        var limits = settings.limits(handler);
        return !isConcurrencyUsed(handler, limits) && untilRate(handler, limits) <= 0;
    }

    /** Begins an attempt if it may begin, and counts it until {@link #ended}. */
    synchronized boolean tryBegin(Attempt attempt) {
        var handler = attempt.handler();
        var limits = settings.limits(handler);
        if (isConcurrencyUsed(handler, limits)) {
            return false;
        }
        var use = use(handler);
        var wait = untilRate(handler, limits);
        if (wait > 0) {
            askAgainIn(wait, use);
            return false;
        }
        use.running.add(attempt);
        use.lastBegin = clock.instant();
        return true;
    }

    /** Counts an attempt that began while its handler had no limits. */
    synchronized void count(Attempt attempt) {
        use(attempt.handler()).running.add(attempt);
    }

    /** Called when an attempt has ended. */
    void ended(Attempt attempt) {
        var use = byHandler.get(attempt.handler().name());
        if (use != null) {
            synchronized (this) {
                use.running.remove(attempt);
            }
        }
    }

    private boolean isConcurrencyUsed(Handler handler, HandlerLimits limits) {
        var most = limits.concurrency();
        return most != null && use(handler).running.size() >= most;
    }

    /** Nanoseconds until the rate lets the next attempt begin; zero or less for now. */
    private long untilRate(Handler handler, HandlerLimits limits) {
        var rate = limits.rate();
        if (rate == null) {
            return 0;
        }
        var last = use(handler).lastBegin;
        return last.equals(Instant.MIN) ? 0 : clock.instant().until(last.plus(rate.interval()), ChronoUnit.NANOS);
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

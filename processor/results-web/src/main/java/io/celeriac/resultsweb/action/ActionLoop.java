package io.celeriac.resultsweb.action;

import io.celeriac.results.action.ActionRepository;
import io.celeriac.results.replay.ReplayRepository;
import io.celeriac.web.loop.Loop;
import io.celeriac.web.loop.Loops;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Works on actions for as long as the program runs, and deletes old ones when there is nothing else to do. */
final class ActionLoop {

    private static final Duration CLEANING = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActionRunner runner;
    private final ActionRepository actions;
    private final ReplayRepository replays;
    private final ActionProperties settings;
    private final InstantSource clock;
    private final Semaphore wake = new Semaphore(0);
    private final Loop loop = new Loop("action-runner", this::turn, () -> {});
    private Instant cleaning = Instant.MIN;

    ActionLoop(
            ActionRunner runner,
            ActionRepository actions,
            ReplayRepository replays,
            ActionProperties settings,
            InstantSource clock,
            Loops loops) {
        this.runner = runner;
        this.actions = actions;
        this.replays = replays;
        this.settings = settings;
        this.clock = clock;
        if (settings.enabled()) {
            loops.watch(loop);
        }
    }

    void start() {
        if (settings.enabled()) {
            loop.start();
        }
    }

    /** Ends the pause, as there is a new action. */
    void wake() {
        wake.release();
    }

    void close() {
        loop.end();
        wake.release();
        loop.join(PATIENCE);
    }

    private void turn() throws InterruptedException {
        if (runner.turn() || cleaned()) {
            return;
        }
        if (wake.tryAcquire(settings.interval().toMillis(), TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
        }
    }

    /** Deletes some of what is old; true when there may be more. */
    private boolean cleaned() {
        var now = clock.instant();
        if (now.isBefore(cleaning)) {
            return false;
        }
        var more = actions.deleteBefore(now.minus(settings.keep()))
                || replays.deleteBefore(now.minus(settings.keepReplays()));
        if (!more) {
            cleaning = now.plus(CLEANING);
        }
        return more;
    }
}

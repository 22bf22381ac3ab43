package io.celeriac.engine.poison;

import java.time.Duration;

/**
 * The evidence for and against a task that was near when its process died.
 *
 * <p>A machine that dies by itself does so while a task runs and while it waits, in proportion to the time of each. A task that
 * kills takes its process down in each of its trials, while the process lives on as long as the task is made to wait. So the evidence
 * consists of two times and two counts, and {@link #chance} is their probability for an innocent task.
 *
 * @param seen deaths in a row that it was near, at least 1; a death that it had no part in starts the count again at 1
 * @param strikes deaths of the process while the task was tried alone
 * @param controls deaths of the process while the task waited for its trial; counted since its first strike
 * @param ran how long it has run in its trials, at the most
 * @param waited how long it has waited for its trials, at the least, while the process lived
 * @param span how long it had run when the process died the last time, at the most
 */
record Suspicion(int seen, int strikes, int controls, Duration ran, Duration waited, Duration span) {

    /** The task was about to begin: if it killed the process, it did so before the next commit. */
    static final Suspicion ANNOUNCED = first(Duration.ofMillis(100));

    /** The task was running, nobody knows for how long. */
    static final Suspicion RUNNING = first(Duration.ofMillis(500));

    private static final Duration SHORTEST_TRIAL = Duration.ofMillis(250);
    private static final Duration UNIT = Duration.ofSeconds(1);
    private static final int GROWTH = 5;
    private static final int MOST_GROWTH = 3; // two minutes

    private static Suspicion first(Duration span) {
        return new Suspicion(1, 0, 0, Duration.ZERO, Duration.ZERO, span);
    }

    /** How long it waits before its next trial: 1 s, and five times as long after each strike, up to two minutes. */
    Duration backoff() {
        return growing(strikes - controls);
    }

    /** How long it waits for the trials of others, once its own could begin. Grows with each death that it is near. */
    Duration patience() {
        return growing(Math.max(seen - 1, strikes - controls));
    }

    private static Duration growing(int times) {
        var most = Math.max(0, Math.min(MOST_GROWTH, times));
        return UNIT.multipliedBy((long) Math.pow(GROWTH, most));
    }

    /** How long it is on trial once it runs: if it killed the last time, it kills within that time again. */
    Duration trial() {
        var twice = span.multipliedBy(2);
        var atLeast = twice.compareTo(SHORTEST_TRIAL) < 0 ? SHORTEST_TRIAL : twice;
        return atLeast.compareTo(patience()) < 0 ? atLeast : patience();
    }

    /** Whether it was near so many deaths in a row that it may well be their cause. */
    boolean isStrong() {
        return seen > 2;
    }

    /** The process died while it was the only one on trial. */
    Suspicion alone(Duration wait, Duration run) {
        return new Suspicion(seen + 1, strikes + 1, controls, ran.plus(run), waited.plus(wait), run);
    }

    /** The process died while it was on trial with others: it may have been any of them. */
    Suspicion together(Duration run) {
        return new Suspicion(seen + 1, strikes, controls, ran, waited, run);
    }

    /** The process died when its trial was over and it still ran. */
    Suspicion beside(Duration wait, Duration run) {
        return new Suspicion(seen + 1, strikes, controls, ran.plus(run), waited.plus(wait), run);
    }

    /** The process died when its trial was over and it still ran, while the trial of another was on. */
    Suspicion besideAnother(Duration wait, Duration run) {
        return new Suspicion(1, strikes, controls, ran.plus(run), waited.plus(wait), span);
    }

    /** The process died while it waited and nobody was on trial: processes die here without it. */
    Suspicion control(Duration wait) {
        return strikes == 0 || controls >= strikes
                ? first(span)
                : new Suspicion(1, strikes, controls + 1, ran, waited.plus(wait), span);
    }

    /** The process died in the long trial of another: others may go first the next time. */
    Suspicion other() {
        return new Suspicion(1, strikes, controls, ran, waited, span);
    }

    /**
     * Whether the task is proven to kill.
     *
     * @param leastStrikes also sets the greatest chance that is a proof: one in a thousand at 2, one in ten thousand at 3, and so on
     */
    boolean isProven(int leastStrikes) {
        return strikes >= leastStrikes && chance() < Math.pow(10, -1.0 - leastStrikes);
    }

    /**
     * The probability that at least so many deaths fell into its trials by chance. By chance, a death is equally likely at any time of
     * its trials and waits. This is the exact test of two Poisson rates.
     */
    double chance() {
        var share = share();
        if (strikes == 0 || share >= 1) {
            return 1;
        }
        var deaths = strikes + controls;
        var term = Math.pow(1 - share, controls);
        for (int i = 1; i <= strikes; i++) {
            term *= share * (controls + i) / i;
        }
        var sum = 0.0;
        for (int i = strikes; i <= deaths; i++) {
            sum += term;
            term *= share / (1 - share) * (deaths - i) / (i + 1);
        }
        return Math.min(1, sum);
    }

    private double share() {
        var all = ran.plus(waited).toMillis();
        return all == 0 ? 1 : (double) ran.toMillis() / all;
    }
}

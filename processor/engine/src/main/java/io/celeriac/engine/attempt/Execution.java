package io.celeriac.engine.attempt;

import io.celeriac.contract.Progress;
import io.celeriac.contract.Task;
import io.celeriac.engine.TaskContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An attempt while it runs: what its handler sees of it, who hears of it, and who may cut it short.
 *
 * <p>It ends once, by whoever comes first: the thread that runs it, or the time limit that gives it up. It survives the
 * loss of its partition: should the partition come back while it runs, it moves to the new lane. All state is guarded by
 * {@code this}.
 */
final class Execution implements TaskContext {

    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

    private final Attempt attempt;
    private final InstantSource clock;
    private final Instant startedAt;
    private final @Nullable Instant deadline;
    private final Thread thread = Thread.currentThread();
    private final Function<Execution, Report> progressReport;

    private Lane lane;
    private long revision;
    private boolean over;
    private boolean revoked;
    private boolean timedOut;
    private @Nullable Progress progress;
    private @Nullable Instant progressPublishedAt;

    /**
     * @param timeLimit when it is to be interrupted, from now; null for never
     * @param progressReport tells of the progress made so far
     */
    Execution(
            Attempt attempt,
            InstantSource clock,
            @Nullable Duration timeLimit,
            Function<Execution, Report> progressReport) {
        this.attempt = attempt;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.deadline = timeLimit == null ? null : startedAt.plus(timeLimit);
        this.progressReport = progressReport;
        this.lane = attempt.lane();
        this.revision = attempt.accepted().revision();
    }

    Attempt subject() {
        return attempt;
    }

    Instant startedAt() {
        return startedAt;
    }

    synchronized @Nullable Progress progress() {
        return progress;
    }

    /** The revision for the next thing that is published. */
    synchronized long nextRevision() {
        return ++revision;
    }

    /**
     * From now on reports go to another lane.
     *
     * @return false when it has ended, so that there is nothing to join
     */
    synchronized boolean moveTo(Lane other) {
        if (over) {
            return false;
        }
        if (other != lane) {
            other.joined();
            lane.ended();
            lane = other;
        }
        return true;
    }

    synchronized void report(Report report) {
        if (!over) {
            lane.report(report);
        }
    }

    /**
     * Ends it with its last report.
     *
     * @return false when it had ended before
     */
    synchronized boolean end(Report last) {
        if (over) {
            return false;
        }
        over = true;
        lane.report(last);
        lane.ended();
        return true;
    }

    /** Somebody revoked the task. */
    synchronized void revoke() {
        revoked = true;
        interrupt();
    }

    /** The time limit has passed. */
    synchronized void timeOut() {
        timedOut = true;
        interrupt();
    }

    private void interrupt() {
        if (!over) {
            thread.interrupt();
        }
    }

    synchronized boolean isRevoked() {
        return revoked;
    }

    synchronized boolean isTimedOut() {
        return timedOut;
    }

    @Override
    public String id() {
        return attempt.id();
    }

    @Override
    public String task() {
        return attempt.task().task();
    }

    @Override
    public String queue() {
        return attempt.origin().queue();
    }

    @Override
    public int attempt() {
        return attempt.number();
    }

    @Override
    public Map<String, String> labels() {
        return attempt.task().labels();
    }

    @Override
    public @Nullable Instant deadline() {
        return deadline;
    }

    @Override
    public @Nullable String parentId() {
        return attempt.task().parentId();
    }

    @Override
    public String rootId() {
        Task task = attempt.task();
        return task.rootId() == null ? id() : task.rootId();
    }

    @Override
    public String idempotencyKey() {
        return queue() + "/" + id();
    }

    @Override
    public void progress(long done, @Nullable Long total, @Nullable String message) {
        var now = clock.instant();
        synchronized (this) {
            progress = new Progress(done, total, message, null);
            var last = progressPublishedAt;
            if (over || (last != null && now.isBefore(last.plus(PROGRESS_INTERVAL)))) {
                return;
            }
            progressPublishedAt = now;
        }
        report(progressReport.apply(this));
    }

    @Override
    public synchronized boolean isCancelled() {
        return over || revoked || timedOut || thread.isInterrupted();
    }

    @Override
    public RuntimeException retry(Throwable cause) {
        return new RetryRequest(Objects.requireNonNull(cause, "cause"), null);
    }

    @Override
    public RuntimeException retry(Throwable cause, Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, but is " + delay);
        }
        return new RetryRequest(Objects.requireNonNull(cause, "cause"), delay);
    }

    /** Thrown by a handler that asks for another attempt. */
    static final class RetryRequest extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient @Nullable Duration delay;

        RetryRequest(Throwable cause, @Nullable Duration delay) {
            super("asks for another attempt: " + cause, cause);
            this.delay = delay;
        }

        @Nullable
        Duration delay() {
            return delay;
        }

        Throwable reason() {
            return Objects.requireNonNull(getCause());
        }
    }
}

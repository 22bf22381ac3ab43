package io.celeriac.bench.subject;

import io.celeriac.bench.report.Percentiles;
import io.celeriac.contract.task.Task;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/** How late tasks with an eta begin, by the clock of the worker. Safe for use by several threads. */
public final class Lateness {

    private final InstantSource clock;
    private final ConcurrentHistogram micros = new ConcurrentHistogram(3);
    private final AtomicLong early = new AtomicLong();

    Lateness(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param early how many began before their eta, which must not be
     */
    public record Told(Percentiles percentiles, long early) {}

    void record(Task task) {
        var late = Objects.requireNonNull(task.eta(), "eta").until(clock.instant(), ChronoUnit.MICROS);
        if (late < 0) {
            early.incrementAndGet();
        }
        micros.recordValue(Math.max(0, late));
    }

    Told told() {
        return new Told(Percentiles.of(micros), early.get());
    }
}

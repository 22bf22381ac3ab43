package io.celeriac.results.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the loops of a {@link LoopWatch}. Several threads may work in it. Failures are counted for each thread, so that a thread that
 * is stuck is seen even while the others go on.
 */
public final class Loop {

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** A loop is down after this many failures in a row. */
    private static final int PATIENCE = 3;

    private record Failures(int inARow, String last) {}

    private final String name;
    private final MeterRegistry meters;

    /** By the name of the thread. */
    private final Map<String, Failures> failures = new ConcurrentHashMap<>();

    Loop(String name, MeterRegistry meters) {
        this.name = name;
        this.meters = meters;
        Gauge.builder("celeriac.results.failures", this, Loop::inARow)
                .description("Turns of a loop that failed in a row")
                .tag("loop", name)
                .register(meters);
    }

    /** This thread did a turn. */
    public void went() {
        var before = failures.remove(Thread.currentThread().getName());
        if (before != null) {
            LOG.info("{} works again after {} failures", name, before.inARow);
        }
    }

    /**
     * This thread failed its turn, and tries again.
     *
     * @param place where in its work it failed, such as a record's topic, partition and offset
     */
    public void failed(String place, Throwable why) {
        var reason = "at " + place + ": " + why;
        var now = failures.merge(
                Thread.currentThread().getName(),
                new Failures(1, reason),
                (before, next) -> new Failures(before.inARow + 1, reason));
        if (now.inARow == 1 || now.inARow == PATIENCE) {
            LOG.warn("{} failed {} times in a row, trying again, {}", name, now.inARow, reason);
        }
        LOG.debug("{} failed", name, why);
    }

    /** A record or a row was left out because of a fault of its own. */
    public void refused(String reason) {
        Counter.builder("celeriac.results.refused")
                .description("Records and rows that were left out")
                .tag("loop", name)
                .tag("reason", reason)
                .register(meters)
                .increment();
    }

    Optional<String> down() {
        return failures.values().stream()
                .filter(thread -> thread.inARow >= PATIENCE)
                .max(Comparator.comparingInt(Failures::inARow))
                .map(thread -> thread.inARow + " failures in a row, " + thread.last);
    }

    private int inARow() {
        return failures.values().stream().mapToInt(Failures::inARow).max().orElse(0);
    }
}

package io.celeriac.beat.loop;

import io.celeriac.beat.loop.Loop.Turn;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All loops of the program. {@code celeriac.beat.loop.failures} counts failed turns by the name of the loop. Safe for use by several
 * threads.
 */
public final class Loops {

    private final MeterRegistry registry;
    private final List<Loop> loops = new CopyOnWriteArrayList<>();

    public Loops(MeterRegistry registry) {
        this.registry = registry;
    }

    /** One that has yet to be started. */
    public Loop of(String name, Turn turn) {
        return of(name, turn, () -> {});
    }

    /**
     * One that has yet to be started.
     *
     * @param atEnd called on its thread, as the last thing
     */
    public Loop of(String name, Turn turn, Runnable atEnd) {
        var failures = Counter.builder("celeriac.beat.loop.failures")
                .description("Turns of a thread that failed")
                .tag("loop", name)
                .register(registry);
        var loop = new Loop(name, turn, atEnd, failures);
        loops.add(loop);
        return loop;
    }

    /** The loops that cannot continue, by name, with the reason. */
    public Map<String, String> troubles() {
        var troubles = new TreeMap<String, String>();
        loops.forEach(loop -> loop.trouble().ifPresent(trouble -> troubles.put(loop.name(), trouble)));
        return troubles;
    }
}

package io.celeriac.beat.loop;

import io.celeriac.beat.loop.Loop.Turn;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All loops of the program. What fails is counted in {@code celeriac.beat.loop.failures}, by the loop's name. Safe for use by several
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

    /** Why some cannot go on, by their names: three turns in a row have failed, or the thread is gone that was started. */
    public Map<String, String> troubles() {
        var troubles = new TreeMap<String, String>();
        loops.forEach(loop -> loop.trouble().ifPresent(trouble -> troubles.put(loop.name(), trouble)));
        return troubles;
    }
}

package io.celeriac.results.loop;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the loops of this module, so that none stops unnoticed. Safe for use by several threads.
 *
 * <pre>
 * celeriac.results.failures  gauge, by loop             turns that failed in a row; 0 while it goes on
 * celeriac.results.refused   counter, by loop, reason   records and rows that were left out
 * </pre>
 */
public final class LoopWatch {

    private final Map<String, Loop> loops = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    public LoopWatch(MeterRegistry meters) {
        this.meters = meters;
    }

    /** The loop of that name; the same object each time. */
    public Loop loop(String name) {
        return loops.computeIfAbsent(name, key -> new Loop(key, meters));
    }

    /** The loops that are down, with the place and the reason. */
    public Map<String, String> down() {
        var down = new TreeMap<String, String>();
        loops.forEach((name, loop) -> loop.down().ifPresent(why -> down.put(name, why)));
        return down;
    }
}

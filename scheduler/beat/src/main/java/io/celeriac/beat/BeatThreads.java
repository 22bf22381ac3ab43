package io.celeriac.beat;

import io.celeriac.beat.loop.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs each {@link Beat} on its own thread while the application runs. While one waits for broker and database, another claims what is
 * due meanwhile. Other loops tidy up. Stopping finishes the current batches.
 */
final class BeatThreads implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(BeatThreads.class);
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final List<Beat> beats;
    private final List<Loop> loops;
    private final InstantSource clock;

    /**
     * @param loops of the beats, and others
     */
    BeatThreads(List<Beat> beats, List<Loop> loops, InstantSource clock) {
        this.beats = List.copyOf(beats);
        this.loops = List.copyOf(loops);
        this.clock = clock;
    }

    /** When the last turn succeeded, of the beat for which this is longest ago. */
    Instant lastTurn() {
        return beats.stream().map(Beat::lastTurn).min(Comparator.naturalOrder()).orElseThrow();
    }

    @Override
    public void start() {
        loops.forEach(Loop::start);
    }

    @Override
    public void stop() {
        loops.forEach(Loop::stop);
        var until = clock.instant().plus(PATIENCE);
        try {
            for (var loop : loops) {
                if (!loop.join(Duration.between(clock.instant(), until))) {
                    LOG.warn("{} was not done within {}; what it had in hand stays due", loop.name(), PATIENCE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return loops.stream().anyMatch(Loop::isRunning);
    }
}

package io.celeriac.beat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Turns each {@link Beat} on a thread of its own while the application runs: while one waits for the broker and the database, the
 * next claims what has fallen due since. Stopping finishes the batches in hand.
 */
final class BeatThreads implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(BeatThreads.class);
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final List<Beat> beats;
    private final InstantSource clock;
    private CountDownLatch stop = new CountDownLatch(1);
    private List<Thread> threads = List.of();

    BeatThreads(List<Beat> beats, InstantSource clock) {
        this.beats = List.copyOf(beats);
        this.clock = clock;
    }

    /** When the last turn ended well, by the clock: of the one for which that is the longest ago. */
    Instant lastTurn() {
        return beats.stream().map(Beat::lastTurn).min(Comparator.naturalOrder()).orElseThrow();
    }

    @Override
    public synchronized void start() {
        stop = new CountDownLatch(1);
        var signal = stop;
        threads = IntStream.range(0, beats.size())
                .mapToObj(i -> new Thread(() -> turn(beats.get(i), signal), "celeriac-beat-" + (i + 1)))
                .toList();
        threads.forEach(Thread::start);
    }

    private static void turn(Beat beat, CountDownLatch signal) {
        try {
            beat.begin();
            while (!signal.await(beat.turn().toNanos(), TimeUnit.NANOSECONDS)) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("The scheduler was interrupted and fires no more");
        }
    }

    @Override
    public synchronized void stop() {
        stop.countDown();
        var until = clock.instant().plus(PATIENCE);
        try {
            for (var thread : threads) {
                thread.join(Math.max(1, Duration.between(clock.instant(), until).toMillis()));
                if (thread.isAlive()) {
                    LOG.warn("A batch in hand was not done within {}; its schedules stay due", PATIENCE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads = List.of();
    }

    @Override
    public synchronized boolean isRunning() {
        return threads.stream().anyMatch(Thread::isAlive);
    }
}

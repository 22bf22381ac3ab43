package io.celeriac.resultsweb.stats;

import io.celeriac.results.depth.DepthRepository;
import io.celeriac.results.depth.DepthSample;
import io.celeriac.web.queue.QueueDepth;
import io.celeriac.web.queue.QueueDepths;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps once a minute how full the queues are, on a thread of its own. Each gateway has one; they write the same rows. A minute in which
 * the broker or the database does not answer is missing.
 */
final class DepthSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DepthSampler.class);
    private static final Duration APART = Duration.ofMinutes(1);

    private final QueueDepths depths;
    private final DepthRepository repository;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var made = new Thread(work, "queue-depth");
        made.setDaemon(true);
        return made;
    });

    DepthSampler(QueueDepths depths, DepthRepository repository, InstantSource clock) {
        this.depths = depths;
        this.repository = repository;
        this.clock = clock;
    }

    /** Looks now, and in the middle of each minute from then on, so that a late look does not miss its minute. */
    void start() {
        var second = Math.floorMod(clock.instant().getEpochSecond(), APART.toSeconds());
        var untilMiddle = Math.floorMod(APART.toSeconds() / 2 - second, APART.toSeconds());
        thread.execute(this::lookSafely);
        thread.scheduleAtFixedRate(this::lookSafely, untilMiddle, APART.toSeconds(), TimeUnit.SECONDS);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the next minute is another
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.info("the depth of the queues is not kept for this minute: {}", e.getMessage());
        }
    }

    /** Keeps the present minute. */
    void look() {
        var at = clock.instant();
        var known = depths.now().stream()
                .filter(depth -> !depth.isUnknown())
                .collect(Collectors.toMap(QueueDepth::queue, DepthSampler::sample));
        if (!known.isEmpty()) {
            repository.write(at, known);
        }
    }

    private static DepthSample sample(QueueDepth depth) {
        return new DepthSample(depth.ready(), depth.parked(), depth.running(), depth.oldestReady());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}

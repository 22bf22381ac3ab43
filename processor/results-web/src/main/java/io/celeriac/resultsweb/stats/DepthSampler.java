package io.celeriac.resultsweb.stats;

import io.celeriac.results.depth.DepthRepository;
import io.celeriac.results.depth.DepthSample;
import io.celeriac.web.queue.QueueDepth;
import io.celeriac.web.queue.QueueDepths;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps for each minute how full the queues are, on a thread of its own. Each gateway has one; they write the same rows. It looks again
 * in the same minute while a number is not known, as the owner of a partition may be too busy to count at times. A minute in which the
 * broker or the database does not answer is missing.
 */
final class DepthSampler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DepthSampler.class);
    private static final Duration APART = Duration.ofSeconds(10);

    private final QueueDepths depths;
    private final DepthRepository repository;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var made = new Thread(work, "queue-depth");
        made.setDaemon(true);
        return made;
    });
    private @Nullable Instant known; // the minute of which all is known; used by the thread alone

    DepthSampler(QueueDepths depths, DepthRepository repository, InstantSource clock) {
        this.depths = depths;
        this.repository = repository;
        this.clock = clock;
    }

    /** Looks now and every ten seconds. */
    void start() {
        thread.scheduleAtFixedRate(this::lookSafely, 0, APART.toSeconds(), TimeUnit.SECONDS);
    }

    @SuppressWarnings("CatchingUnchecked") // whatever it is, the next minute is another
    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) {
            LOG.info("the depth of the queues is not kept for this minute: {}", e.getMessage());
        }
    }

    /** Keeps the present minute, unless all of it is known. */
    void look() {
        var at = clock.instant();
        var minute = at.truncatedTo(ChronoUnit.MINUTES);
        if (minute.equals(known)) {
            return;
        }
        var all = depths.now();
        var some = all.stream()
                .filter(depth -> !depth.isUnknown())
                .collect(Collectors.toMap(QueueDepth::queue, DepthSampler::sample));
        if (!some.isEmpty()) {
            repository.write(at, some);
        }
        if (all.stream().allMatch(QueueDepth::isKnown)) {
            known = minute;
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

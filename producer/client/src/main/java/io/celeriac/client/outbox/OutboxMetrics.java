package io.celeriac.client.outbox;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The metrics of an outbox.
 *
 * <pre>
 * celeriac.outbox.backlog     gauge: rows that wait to be sent, of all instances of the service; 100,000 stands for more
 * celeriac.outbox.oldest.age  gauge, seconds: how long the oldest of them waits; 0 when there is none
 * celeriac.outbox.sent        counter: rows that this instance has sent
 * celeriac.outbox.refused     counter: rows that this instance has set aside, because the broker refuses them
 * </pre>
 *
 * <p>The gauges ask the database when they are read, at most once in five seconds. They are NaN while it does not answer.
 */
public final class OutboxMetrics implements MeterBinder {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxMetrics.class);
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final Outbox outbox;
    private final InstantSource clock;
    private @Nullable Backlog backlog; // guarded by this, as the next; null when the database did not answer
    private Instant askedAt = Instant.MIN;

    public OutboxMetrics(Outbox outbox, InstantSource clock) {
        this.outbox = outbox;
        this.clock = clock;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("celeriac.outbox.backlog", this, metrics -> metrics.ofBacklog(Backlog::rows))
                .description("Rows of the outbox that wait to be sent")
                .strongReference(true)
                .register(registry);
        Gauge.builder("celeriac.outbox.oldest.age", this, metrics -> metrics.ofBacklog(metrics::age))
                .description("How long the oldest row of the outbox waits")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
        FunctionCounter.builder("celeriac.outbox.sent", outbox, Outbox::sent)
                .description("Rows of the outbox that were sent")
                .register(registry);
        FunctionCounter.builder("celeriac.outbox.refused", outbox, Outbox::refused)
                .description("Rows of the outbox that were set aside")
                .register(registry);
    }

    private double age(Backlog waiting) {
        var oldest = waiting.oldestAt();
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1_000.0);
    }

    private synchronized double ofBacklog(ToDoubleFunction<Backlog> value) {
        var now = clock.instant();
        if (!now.isBefore(askedAt.plus(FRESH))) {
            askedAt = now;
            backlog = asked();
        }
        return backlog == null ? Double.NaN : value.applyAsDouble(backlog);
    }

    private @Nullable Backlog asked() {
        try {
            return outbox.backlog();
        } catch (DataAccessException e) {
            LOG.debug("the backlog of the outbox is not known", e);
            return null;
        }
    }
}

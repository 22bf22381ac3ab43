package io.celeriac.web.loop;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Watches loops: the health component {@code loops} is DOWN, with the reason, while a loop does not do its work.
 *
 * <pre>
 * celeriac.web.loop.failures   counter by loop: turns that failed
 * celeriac.web.loop.trouble    gauge by loop: 1 while it does not do its work, otherwise 0
 * </pre>
 */
public final class Loops implements HealthIndicator {

    private final List<Loop> all = new CopyOnWriteArrayList<>();
    private final MeterRegistry registry;

    public Loops(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Watches a loop from now on. */
    public void watch(Loop loop) {
        all.add(loop);
        FunctionCounter.builder("celeriac.web.loop.failures", loop, Loop::failures)
                .description("Turns of a thread that failed")
                .tag("loop", loop.name())
                .register(registry);
        Gauge.builder("celeriac.web.loop.trouble", loop, one -> one.trouble().isPresent() ? 1 : 0)
                .description("1 while a thread does not do its work")
                .tag("loop", loop.name())
                .register(registry);
    }

    @Override
    public Health health() {
        var health = Health.up();
        for (var loop : all) {
            var trouble = loop.trouble();
            trouble.ifPresent(reason -> health.down());
            health.withDetail(loop.name(), trouble.orElse("up"));
        }
        return health.build();
    }
}

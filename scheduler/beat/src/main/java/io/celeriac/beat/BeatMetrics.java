package io.celeriac.beat;

import io.celeriac.schedule.firing.Plan;
import io.celeriac.schedule.history.FiringKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;

/**
 * The metrics of a scheduler.
 *
 * <pre>
 * celeriac.beat.firings   counter, tag kind: timed, caught_up, … and skipped
 * celeriac.beat.lateness  timer: from when a firing is due until the broker has its task, of timed firings that waited for no other
 * </pre>
 */
final class BeatMetrics {

    private final MeterRegistry registry;
    private final Timer lateness;

    BeatMetrics(MeterRegistry registry) {
        this.registry = registry;
        lateness = Timer.builder("celeriac.beat.lateness")
                .description("From when a firing is due until the broker has its task")
                .publishPercentiles(0.5, 0.99)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .register(registry);
    }

    void settled(Plan<?> plan, Instant now) {
        for (var firing : plan.firings()) {
            Counter.builder("celeriac.beat.firings")
                    .description("Firings of schedules, emitted or skipped")
                    .tag("kind", firing.kind().word())
                    .register(registry)
                    .increment((double) firing.count());
            var waited = firing.fireTime().equals(plan.schedule().progress().bufferedFireAt());
            if (firing.kind() == FiringKind.TIMED && !waited) {
                lateness.record(Duration.between(plan.schedule().dueAt(firing.fireTime()), now));
            }
        }
    }
}

package io.celeriac.client.outbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Down when the relay of an outbox cannot go on: nothing could be sent for ten seconds, or its thread has ended. A shorter failure is
 * tried again, and is none.
 */
public final class OutboxHealth extends AbstractHealthIndicator {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Supplier<Optional<RelayFailure>> failing;
    private final InstantSource clock;

    /**
     * @param failing {@link Outbox#failing}
     */
    public OutboxHealth(Supplier<Optional<RelayFailure>> failing, InstantSource clock) {
        super("The outbox does not answer");
        this.failing = failing;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        failing.get().ifPresent(failure -> {
            builder.withDetail("failure", failure.why()).withDetail("since", failure.since());
            if (failure.isFinal() || !clock.instant().isBefore(failure.since().plus(GRACE))) {
                builder.down();
            }
        });
    }
}

package io.celeriac.client.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Status;

class OutboxHealthTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MutableClock clock = MutableClock.at(NOW);
    private final AtomicReference<@Nullable RelayFailure> failure = new AtomicReference<>();
    private final OutboxHealth health = new OutboxHealth(() -> Optional.ofNullable(failure.get()), clock);

    @Test
    void isUpWhileRowsAreSentOrNoneWait() {
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isDownWhenNothingCouldBeSentForTenSeconds() {
        failure.set(new RelayFailure("no broker", NOW, false));
        clock.advance(Duration.ofMillis(9_999));
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        clock.advance(Duration.ofMillis(1));
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails()).containsEntry("failure", "no broker");

        failure.set(null);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void isDownAtOnceWhenTheRelayHasEnded() {
        failure.set(new RelayFailure("The relay has ended: java.lang.OutOfMemoryError", NOW, true));

        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
    }
}

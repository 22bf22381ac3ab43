package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MutableClockTest {

    private final MutableClock clock = MutableClock.at("2026-03-29T00:59:59Z");

    @Test
    void standsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(clock.instant()).isEqualTo("2026-03-29T00:59:59Z");
    }

    @Test
    void movesByAStep() {
        assertThat(clock.advance(Duration.ofSeconds(2))).isEqualTo("2026-03-29T01:00:01Z");
        assertThat(clock.instant()).isEqualTo("2026-03-29T01:00:01Z");
    }

    @Test
    void movesToAnInstantBackwardsToo() {
        clock.set(Instant.EPOCH);
        assertThat(clock.millis()).isZero();
    }
}

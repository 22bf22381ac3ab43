package io.celeriac.engine.poison;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SuspicionTest {

    @Test
    void provesAPillOfMillisecondsByThreeDeathsAlone() {
        var suspicion = Suspicion.ANNOUNCED;
        for (int i = 0; i < 3; i++) {
            assertThat(suspicion.isProven(3)).isFalse();
            suspicion = suspicion.alone(suspicion.backoff(), ofMillis(200));
        }
        assertThat(suspicion.isProven(3)).isTrue();
        assertThat(suspicion.isProven(4)).isFalse();
    }

    /** Three deaths say little of one that ran for longer than it waited: so would those of the machine. */
    @Test
    void needsMoreDeathsTheLongerItTakes() {
        assertThat(deathsUntilProven(ofMillis(200))).isEqualTo(3);
        assertThat(deathsUntilProven(ofSeconds(1))).isEqualTo(4);
        assertThat(deathsUntilProven(ofSeconds(6))).isEqualTo(5);
        assertThat(deathsUntilProven(ofSeconds(38))).isBetween(8, 10);
    }

    private static int deathsUntilProven(Duration run) {
        var suspicion = Suspicion.RUNNING;
        var deaths = 0;
        for (; !suspicion.isProven(3); deaths++) {
            suspicion = suspicion.alone(suspicion.backoff(), run);
        }
        return deaths;
    }

    @Test
    void computesTheChanceOfTheExactTest() {
        assertThat(new Suspicion(1, 2, 0, ofSeconds(1), ofSeconds(3), ofSeconds(1)).chance())
                .isCloseTo(1 / 16.0, within(1e-12));
        assertThat(new Suspicion(1, 2, 1, ofSeconds(1), ofSeconds(3), ofSeconds(1)).chance())
                .isCloseTo(3 / 16.0 * 3 / 4 + 1 / 64.0, within(1e-12));
        assertThat(new Suspicion(1, 0, 0, ofSeconds(1), ofSeconds(3), ofSeconds(1)).chance())
                .isEqualTo(1);
        assertThat(new Suspicion(1, 5, 0, ofSeconds(1), Duration.ZERO, ofSeconds(1)).chance())
                .isEqualTo(1);
    }

    /** The process dies without it as well. */
    @Test
    void isClearedByDeathsWhileItWaits() {
        var struck = Suspicion.RUNNING.alone(ofSeconds(1), ofMillis(200)).alone(ofSeconds(5), ofMillis(200));

        var once = struck.control(ofSeconds(3));
        assertThat(once.chance()).isGreaterThan(struck.chance());
        assertThat(once.backoff()).isEqualTo(ofSeconds(5));
        assertThat(once.control(ofSeconds(1)).control(ofSeconds(1)).strikes()).isZero();
    }

    @Test
    void isTriedAtLengthOnlyWhenItWasNearManyDeaths() {
        var suspicion = Suspicion.RUNNING;
        assertThat(suspicion.trial()).isEqualTo(ofSeconds(1));
        suspicion = suspicion.beside(ofSeconds(1), ofSeconds(30));
        assertThat(suspicion.trial()).isEqualTo(ofSeconds(5));
        suspicion = suspicion.beside(ofSeconds(1), ofSeconds(30)).beside(ofSeconds(1), ofSeconds(30));
        assertThat(suspicion.trial()).isEqualTo(ofSeconds(60));
        assertThat(suspicion.isStrong()).isTrue();
        assertThat(suspicion.other().trial()).isEqualTo(ofSeconds(1));
    }
}

package io.celeriac.bench.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final Instant BEGIN = Instant.parse("2026-11-27T12:00:00Z");

    private final Fleet fleet = Fleet.of(Spread.ALL, 1_000_000, 5_000, BEGIN);

    @Test
    void givesEachScheduleItsTurn() {
        assertThat(fleet.every()).isEqualTo(Duration.ofSeconds(200));
        assertThat(fleet.fireTime(1)).isEqualTo(BEGIN.plusNanos(200_000));
        assertThat(fleet.fireTime(1_000_000)).isEqualTo(BEGIN.plusSeconds(200));
    }

    @Test
    void countsTheFiringsOfATime() {
        assertThat(fleet.from(BEGIN)).isZero();
        assertThat(fleet.from(BEGIN.plusNanos(1_000))).isEqualTo(1);
        assertThat(fleet.from(BEGIN.plusSeconds(60))).isEqualTo(300_000);
    }

    @Test
    void knowsAFiringByItsScheduleAndTime() {
        assertThat(fleet.number(7, fleet.fireTime(1_000_007))).isEqualTo(1_000_007);
        assertThatIllegalStateException().isThrownBy(() -> fleet.number(8, fleet.fireTime(1_000_007)));
        assertThatIllegalStateException()
                .isThrownBy(() -> fleet.number(7, fleet.fireTime(7).plusNanos(1_000)));
    }

    @Test
    void letsFewOfThemFireOften() {
        var few = Fleet.of(Spread.FEW, 1_000_000, 5_000, BEGIN);

        assertThat(few.active()).isEqualTo(15_000);
        assertThat(few.every()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void refusesAnIntervalThatNoScheduleHas() {
        assertThatIllegalArgumentException().isThrownBy(() -> Fleet.of(Spread.ALL, 1_000, 3_000, BEGIN));
        assertThatIllegalArgumentException().isThrownBy(() -> Fleet.of(Spread.FEW, 1_000, 5_000, BEGIN));
    }
}

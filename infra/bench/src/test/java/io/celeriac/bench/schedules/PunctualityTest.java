package io.celeriac.bench.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.bench.schedules.Emission.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PunctualityTest {

    private static final Instant BEGIN = Instant.parse("2026-11-27T12:00:00Z");

    private final Fleet fleet = Fleet.of(Spread.ALL, 10, 10, BEGIN);
    private final Window window = new Window(BEGIN, BEGIN.plusSeconds(2));

    @Test
    void tellsEachSecondApart() {
        var emissions = IntStream.range(0, 30)
                .mapToObj(number -> late(number, number < 10 ? 5 : 50))
                .toList();

        var punctuality = Punctuality.of(emissions, fleet, window);

        assertThat(punctuality.absent()).isZero();
        assertThat(punctuality.seconds())
                .extracting(second -> Math.round(second.p99()))
                .containsExactly(5L, 50L);
        assertThat(Math.round(punctuality.worstSecond())).isEqualTo(50);
    }

    /** A run that comes again must not make the lateness better, nor stand for one that did not come. */
    @Test
    void countsARunOnce() {
        var punctuality = Punctuality.of(List.of(late(3, 5), late(3, 500)), fleet, window);

        assertThat(punctuality.absent()).isEqualTo(19);
        assertThat(Math.round(punctuality.millis().max())).isEqualTo(5);
    }

    @Test
    void showsNoLatenessWhereNothingCame() {
        var punctuality = Punctuality.of(List.of(), fleet, window);

        assertThat(punctuality.absent()).isEqualTo(20);
        assertThat(punctuality.shown(punctuality.millis().p99())).isEqualTo("–");
    }

    private Emission late(int number, int millis) {
        var fireTime = fleet.fireTime(number);
        return new Emission(number, "task-" + number, fireTime, fireTime.plus(Duration.ofMillis(millis)));
    }
}

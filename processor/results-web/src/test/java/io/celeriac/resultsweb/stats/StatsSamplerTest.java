package io.celeriac.resultsweb.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.results.count.CountQuery;
import io.celeriac.results.count.CountedTasks;
import io.celeriac.results.count.EndedTasks;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatsSamplerTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final EndedTasks NONE = new EndedTasks(0, 0, 0, 0, 0, 0, null, null);

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final AtomicInteger looks = new AtomicInteger();
    private final StatsSampler sampler = new StatsSampler(
            query -> {
                looks.incrementAndGet();
                return Stats.of(query, new CountedTasks(NONE, List.of(NONE), List.of(), List.of()));
            },
            now::get,
            () -> 0);

    @Test
    void looksOnceForAllReadersOfTwoSeconds() {
        IntStream.range(0, 50).parallel().forEach(reader -> sampler.stats(lastHour(NOON.plusMillis(1 + reader))));
        assertThat(looks).hasValue(1);

        now.set(NOON.plusSeconds(2));
        sampler.stats(lastHour(NOON.plusMillis(1)));
        assertThat(looks).hasValue(2);
    }

    @Test
    void looksLessOftenAtMoreThanADay() {
        var week = StatsWindow.of(NOON.minus(Duration.ofDays(7)), NOON, null, null, null);
        var day = StatsWindow.of(NOON.minus(Duration.ofDays(1)), NOON.plusSeconds(1), null, null, null);
        sampler.stats(week);
        sampler.stats(day);
        assertThat(looks).hasValue(2);

        now.set(NOON.plusSeconds(29));
        sampler.stats(week);
        assertThat(looks).hasValue(2);
        sampler.stats(day);
        assertThat(looks).hasValue(3);

        now.set(NOON.plusSeconds(30));
        sampler.stats(week);
        assertThat(looks).hasValue(4);
    }

    @Test
    void looksLessOftenAtATimeThatIsOver() {
        now.set(NOON.plusSeconds(1));
        sampler.stats(lastHour(NOON));
        now.set(NOON.plusSeconds(29));
        sampler.stats(lastHour(NOON));
        assertThat(looks).hasValue(1);

        now.set(NOON.plusSeconds(30));
        sampler.stats(lastHour(NOON));
        assertThat(looks).hasValue(2);
    }

    @Test
    void extendsASpanToWholeSteps() {
        var query = StatsWindow.of(
                NOON.minusSeconds(3_601), NOON.plusSeconds(1), Duration.ofMinutes(30), Set.of("mail"), null);

        assertThat(query)
                .isEqualTo(new CountQuery(
                        NOON.minusSeconds(5_400),
                        NOON.plusSeconds(1_800),
                        Duration.ofMinutes(30),
                        Set.of("mail"),
                        null));
        assertThat(query.steps()).isEqualTo(4);
        assertThat(StatsWindow.of(NOON.minusSeconds(86_400), NOON, null, null, null)
                        .step())
                .isEqualTo(Duration.ofMinutes(24));
    }

    @Test
    void takesWholeHoursForLongSteps() {
        assertThat(defaultStep(Duration.ofHours(30))).isEqualTo(Duration.ofMinutes(30));
        assertThat(defaultStep(Duration.ofHours(31))).isEqualTo(Duration.ofHours(1));
        assertThat(defaultStep(Duration.ofDays(7))).isEqualTo(Duration.ofHours(3));
        assertThat(defaultStep(Duration.ofDays(400))).isEqualTo(Duration.ofHours(160));
    }

    private static Duration defaultStep(Duration span) {
        return StatsWindow.of(NOON.minus(span), NOON, null, null, null).step();
    }

    @Test
    void refusesWhatIsTooLongOrTooFine() {
        assertThatThrownBy(() -> StatsWindow.of(NOON, NOON, null, null, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageStartingWith("from must be before to");
        assertThatThrownBy(() -> StatsWindow.of(NOON, NOON.plusSeconds(86_400), Duration.ofMinutes(1), null, null))
                .hasMessageContaining("at most 1000 steps");
        assertThatThrownBy(() -> StatsWindow.of(NOON, NOON.plusSeconds(60), Duration.ofSeconds(90), null, null))
                .hasMessageStartingWith("step must be whole minutes");
    }

    private static CountQuery lastHour(Instant now) {
        return StatsWindow.of(now.minusSeconds(3_600), now, null, null, null);
    }
}

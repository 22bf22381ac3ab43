package io.celeriac.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.page.Chart.Numbers;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {

    @Test
    void roundsTheTopOfTheScaleUp() {
        assertThat(Chart.top(0)).isEqualTo(1);
        assertThat(Chart.top(1)).isEqualTo(1);
        assertThat(Chart.top(1.2)).isEqualTo(2);
        assertThat(Chart.top(43)).isEqualTo(50);
        assertThat(Chart.top(501)).isEqualTo(1_000);
    }

    @Test
    void drawsALineToScale() {
        var chart = chart(false, 0.0, 5.0, 10.0);

        assertThat(chart.lines().get(0).segments()).containsExactly("0.0,100.0 300.0,50.0 600.0,0.0");
        assertThat(chart.scale()).containsExactly("10.0", "5.0", "0.0");
    }

    @Test
    void leavesAGapWhereANumberIsNotKnown() {
        var chart = chart(false, 0.0, null, 10.0);

        assertThat(chart.lines().get(0).segments()).containsExactly("0.0,100.0 2.0,100.0", "600.0,0.0 602.0,0.0");
        assertThat(chart.rows().get(1).values()).containsExactly("–");
    }

    @Test
    void drawsBarsOnlyForWhatIsMoreThanZero() {
        var chart = chart(true, 0.0, 10.0, 0.0);

        assertThat(chart.lines().get(0).columns()).hasSize(1).first().satisfies(bar -> {
            assertThat(bar.y()).isEqualTo("0.0");
            assertThat(bar.height()).isEqualTo("100.0");
        });
    }

    private static Chart chart(boolean bars, Double... values) {
        return Chart.of(
                "tasks",
                List.of("10:00", "10:01", "10:02"),
                List.of(new Numbers("all", Arrays.asList(values))),
                bars,
                String::valueOf);
    }

    @Test
    void endsATimeAxisWhereItsHalfIsReadEasily() {
        assertThat(Chart.topOfTimes(0.3)).isEqualTo(0.5);
        assertThat(Chart.topOfTimes(31)).isEqualTo(60);
        assertThat(Chart.topOfTimes(61)).isEqualTo(120);
        assertThat(Chart.topOfTimes(3_000)).isEqualTo(3_600);
        assertThat(Chart.topOfTimes(100_000)).isEqualTo(2 * 86_400);
    }
}

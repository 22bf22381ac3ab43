package io.celeriac.resultsweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.resultsweb.stats.QueueHistory;
import io.celeriac.resultsweb.stats.QueueHistory.Step;
import io.celeriac.web.page.Chart;
import io.celeriac.web.page.Chart.Row;
import io.celeriac.web.page.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.StaticMessageSource;

class DepthChartsTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Show show() {
        var messages = new StaticMessageSource();
        messages.setUseCodeAsDefaultMessage(true);
        return new Show(messages, Locale.ENGLISH, ZoneOffset.UTC, NOON.plus(MINUTE));
    }

    private static QueueHistory history(String queue, @Nullable Long first, @Nullable Long second) {
        return new QueueHistory(
                queue,
                NOON,
                NOON.plus(MINUTE.multipliedBy(2)),
                MINUTE,
                List.of(new Step(NOON, first, 0L, 0L, null), new Step(NOON.plus(MINUTE), second, 0L, 0L, null)));
    }

    @Test
    void drawALineForEachQueueWithItsNumbersInTheTable() {
        var chart = DepthCharts.ready(List.of(history("bulk", 40L, 50L), history("mail", 10L, null)), show())
                .orElseThrow();

        assertThat(chart.lines()).extracting(Chart.Line::name).containsExactly("bulk", "mail");
        assertThat(chart.lines()).extracting(Chart.Line::last).containsExactly("50", "10");
        assertThat(chart.rows())
                .containsExactly(new Row("12:00", List.of("40", "10")), new Row("12:01", List.of("50", "–")));
    }

    @Test
    void areNoneWhereNobodyLooked() {
        assertThat(DepthCharts.ready(List.of(), show())).isEmpty();
    }
}

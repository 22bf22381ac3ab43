package io.celeriac.scheduleweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.history.FiringKind;
import io.celeriac.schedule.history.ScheduleFiring;
import io.celeriac.scheduleweb.page.FiringBars.Bar;
import io.celeriac.web.page.Show;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.ResourceBundleMessageSource;

class FiringBarsTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
    private static final Duration PUNCTUAL = Duration.ofSeconds(15);

    @Test
    void putTheLatestAtTheRight() {
        var bars = bars(
                List.of(timed("late", 60), timed("failed", 0), timed("fine", 0)),
                Map.of("late", TaskState.SUCCESS, "failed", TaskState.FAILURE, "fine", TaskState.SUCCESS));

        assertThat(bars.bars()).extracting(Bar::look).containsExactly("ok", "fail", "late");
        assertThat(bars.bars().get(2).x()).isEqualTo(95);
        assertThat(bars.bars().get(0).x()).isEqualTo(85);
    }

    @Test
    void standOnTheGroundAndAreHighestForAFailure() {
        var bars = bars(
                List.of(timed("failed", 0), timed("fine", 0)),
                Map.of("failed", TaskState.FAILURE, "fine", TaskState.SUCCESS));

        assertThat(bars.bars())
                .allSatisfy(bar -> assertThat(bar.y() + bar.height()).isEqualTo(FiringBars.HEIGHT));
        assertThat(bars.bars().get(1).height()).isEqualTo(FiringBars.HEIGHT);
    }

    @Test
    void sayTheSameInWordsTheGravestFirst() {
        var skipped = ScheduleFiring.skipped(NOON, NOON, 1, "paused", NOON);

        var bars = bars(
                List.of(timed("a", 0), timed("b", 0), timed("c", 0), skipped),
                Map.of("a", TaskState.STARTED, "b", TaskState.FAILURE));

        assertThat(bars.text())
                .isEqualTo("Last 4 firings: 1 failed, 1 running or waiting, 1 skipped, 1 without a known outcome");
    }

    @Test
    void callWhatWasCaughtUpLate() {
        var caughtUp = ScheduleFiring.emitted(NOON, FiringKind.CAUGHT_UP, "a", NOON);

        assertThat(bars(List.of(caughtUp), Map.of("a", TaskState.SUCCESS)).bars())
                .extracting(Bar::look)
                .containsExactly("late");
    }

    @Test
    void areTwentyAtMost() {
        assertThat(bars(Collections.nCopies(30, timed("a", 0)), Map.of()).bars())
                .hasSize(FiringBars.MOST);
    }

    private static ScheduleFiring timed(String task, long secondsLate) {
        return ScheduleFiring.emitted(NOON, FiringKind.TIMED, task, NOON.plusSeconds(secondsLate));
    }

    private static FiringBars bars(List<ScheduleFiring> firings, Map<String, TaskState> states) {
        var messages = new ResourceBundleMessageSource();
        messages.setBasename("messages/celeriac-schedules");
        messages.setDefaultEncoding("UTF-8");
        messages.setAlwaysUseMessageFormat(true);
        messages.setFallbackToSystemLocale(false);
        return FiringBars.of(firings, states, PUNCTUAL, new Show(messages, Locale.ENGLISH, ZoneOffset.UTC, NOON));
    }
}

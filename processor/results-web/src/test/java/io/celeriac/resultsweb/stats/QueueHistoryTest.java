package io.celeriac.resultsweb.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.results.depth.DepthSample;
import io.celeriac.resultsweb.stats.QueueHistory.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueHistoryTest {

    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void hasAStepForEachSampleWithTheAgeInSeconds() {
        var history = QueueHistory.of(
                "mail",
                NOON,
                Duration.ofMinutes(5),
                List.of(new DepthSample(3L, 2L, 1L, Duration.ofMillis(41_500)), DepthSample.UNKNOWN));

        assertThat(history.to()).isEqualTo(NOON.plusSeconds(600));
        assertThat(history.steps())
                .containsExactly(
                        new Step(NOON, 3L, 2L, 1L, 41.5), new Step(NOON.plusSeconds(300), null, null, null, null));
    }
}

package io.celeriac.web.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.WebProperties;
import io.celeriac.web.WebProperties.Events;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** However many come, they must not need more than there is. */
class BoundsTest {

    private static final long MB = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {256, 512, 1_024, 4_096})
    void allThatIsTakenOnNeedsNoMoreThanMostOfTheHeap(long megabytes) {
        var bounds = Bounds.of(settings(null, new Events(null, null)), megabytes * MB);

        var idle = bounds.connections() - bounds.streams() - bounds.waiting();
        var bytes = bounds.streams() * 160L * 1_024
                + bounds.waiting() * 64L * 1_024
                + idle * 20L * 1_024
                + bounds.bodyBytes()
                + bounds.batchBytes()
                + bounds.resultBytes()
                + bounds.eventBytes();
        assertThat(bytes).isLessThan(megabytes * MB * 85 / 100);
        assertThat(bounds.streams()).isGreaterThanOrEqualTo(100);
    }

    @Test
    void settingsGoBeforeTheHeap() {
        var bounds = Bounds.of(settings(DataSize.ofMegabytes(100), new Events(7, DataSize.ofMegabytes(3))), 4_096 * MB);

        assertThat(bounds.streams()).isEqualTo(7);
        assertThat(bounds.eventBytes()).isEqualTo(3 * MB);
        assertThat(bounds.waiting()).isEqualTo(200);
        assertThat(bounds.batchBytes()).as("one batch").isEqualTo(64 * MB);
    }

    @Test
    void aSeatIsFreeAgainWhenItsAnswerIsThere() {
        var waitingRequests = new WaitingRequests(1);
        var answer = new CompletableFuture<String>();
        waitingRequests.during(() -> answer);

        assertThatThrownBy(() -> waitingRequests.during(() -> answer)).isInstanceOf(ProblemException.class);
        answer.complete("there");
        assertThat(waitingRequests.during(() -> answer)).isCompletedWithValue("there");
        assertThatThrownBy(() -> waitingRequests.during(() -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(waitingRequests.taken()).isZero();
    }

    @Test
    void memoryForBodiesIsGivenBackAsAWhole() {
        var memory = new BodyMemory(100);
        var first = memory.share(8);
        var second = memory.share(2);
        first.take(5);
        first.take(5);

        assertThatThrownBy(() -> second.take(11)).isInstanceOf(ProblemException.class);
        second.take(10);
        assertThat(memory.taken()).isEqualTo(100);
        first.giveBack();
        first.giveBack();
        assertThat(memory.taken()).isEqualTo(20);
    }

    private static WebProperties settings(DataSize heap, Events events) {
        return new WebProperties(
                Set.of(),
                Set.of(),
                heap,
                null,
                6,
                DataSize.ofKilobytes(960),
                DataSize.ofMegabytes(32),
                null,
                Duration.ofSeconds(30),
                "",
                events);
    }
}

package io.celeriac.workflow.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoordinatorFailuresTest {

    private final MutableClock clock = MutableClock.at("2026-01-01T00:00:00Z");
    private final CoordinatorFailures failures = new CoordinatorFailures(2, clock);

    private long fail() {
        var pause = failures.failed(new IllegalStateException("too large"));
        clock.advance(pause.plusSeconds(1));
        return pause.toSeconds();
    }

    @Test
    void eachSuccessorWaitsLonger() {
        assertThat(IntStream.range(0, 7).mapToLong(time -> fail())).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void manyFailuresOfEachThreadAreTooMany() {
        IntStream.range(0, 5).forEach(time -> fail());
        assertThat(failures.areTooMany()).isFalse();
        fail();
        assertThat(failures.areTooMany()).isTrue();
        assertThat(failures.last()).hasValue("java.lang.IllegalStateException: too large");
    }

    /** As a send that blocks for a minute does. */
    @Test
    void successorsThatFailSlowlyAreCountedToo() {
        for (var time = 0; time < 6; time++) {
            fail();
            clock.advance(Duration.ofSeconds(90));
        }
        assertThat(failures.areTooMany()).isTrue();
    }

    @Test
    void failuresAreForgottenAfterTwoMinutesOfWork() {
        IntStream.range(0, 6).forEach(time -> fail());
        clock.advance(Duration.ofMinutes(2));
        assertThat(failures.areTooMany()).isFalse();
        assertThat(fail()).isEqualTo(1);
    }
}

package io.celeriac.contract.task;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.task.Backoff.Kind;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Random random = new Random(7);

    @Test
    void growsAsItsKindSays() {
        assertThat(delays(Kind.FIXED)).containsExactly(2L, 2L, 2L, 2L, 2L);
        assertThat(delays(Kind.LINEAR)).containsExactly(2L, 4L, 6L, 8L, 10L);
        assertThat(delays(Kind.EXPONENTIAL)).containsExactly(2L, 4L, 8L, 16L, 20L);
    }

    @Test
    void staysAtTheLongestForEver() {
        for (var kind : Kind.values()) {
            var backoff = new Backoff(kind, ofMillis(3), ofMillis(3), false);
            for (var attempt : new int[] {1, 31, 32, 62, 63, 64, 65, 1_000_000, Integer.MAX_VALUE}) {
                assertThat(backoff.after(attempt, random)).isEqualTo(ofMillis(3));
            }
        }
    }

    @Test
    void jittersOverTheWholeDelay() {
        var backoff = new Backoff(Kind.FIXED, ofSeconds(10), ofSeconds(10), true);

        var delays = IntStream.range(0, 10_000)
                .mapToObj(i -> backoff.after(1, random))
                .sorted()
                .toList();

        assertThat(delays.get(0)).isLessThan(ofMillis(100));
        assertThat(delays.get(5_000)).isBetween(ofMillis(4_700), ofMillis(5_300));
        assertThat(delays.get(9_999)).isBetween(ofMillis(9_900), ofMillis(10_000));
    }

    private long[] delays(Kind kind) {
        var backoff = new Backoff(kind, ofSeconds(2), ofSeconds(20), false);
        return IntStream.rangeClosed(1, 5)
                .mapToObj(attempt -> backoff.after(attempt, random))
                .mapToLong(Duration::toSeconds)
                .toArray();
    }
}

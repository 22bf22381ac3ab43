package io.celeriac.results.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DurationScaleTest {

    @Test
    void hasTheBucketsOfTheTable() {
        assertThat(DurationScale.BUCKETS).isEqualTo(49);
        assertThat(DurationScale.bucket(Duration.ofSeconds(-1))).isZero();
        assertThat(DurationScale.bucket(Duration.ofDays(9_000 * 365L)))
                .as("a task may say that it was submitted in the year 1000")
                .isEqualTo(48);
        assertThat(DurationScale.bucket(Duration.ofDays(-9_000 * 365L))).isZero();
        assertThat(DurationScale.bucket(Duration.ofNanos(999_999))).isZero();
        assertThat(DurationScale.bucket(Duration.ofMillis(1))).isEqualTo(1);
        assertThat(DurationScale.bucket(Duration.ofMillis(2))).isEqualTo(3);
        assertThat(DurationScale.bucket(Duration.ofMillis(1 << 20))).isEqualTo(41);
        assertThat(DurationScale.bucket(Duration.ofMillis(1 << 21))).isEqualTo(42);
        assertThat(DurationScale.bucket(Duration.ofMillis(1 << 27))).isEqualTo(48);
        assertThat(DurationScale.bucket(Duration.ofDays(400))).isEqualTo(48);
    }

    @Test
    void isOffByAtMostAFifthUpToSeventeenMinutes() {
        var random = new Random(3);
        var times = random.longs(2_000, 1, 1_000_000)
                .map(time -> time * time / 1_000_000 + 1)
                .sorted()
                .toArray();
        var counts = new long[DurationScale.BUCKETS];
        Arrays.stream(times).forEach(time -> counts[DurationScale.bucket(Duration.ofMillis(time))]++);

        for (var share : new double[] {0.5, 0.95, 0.99}) {
            var exact = times[(int) (share * times.length) - 1];
            assertThat(DurationScale.percentile(counts, share).toMillis())
                    .isBetween((long) (exact * 0.8), (long) (exact * 1.2));
        }
    }

    @Test
    void tellsNothingOfNothing() {
        assertThat(DurationScale.percentile(new long[DurationScale.BUCKETS], 0.5))
                .isZero();
    }
}

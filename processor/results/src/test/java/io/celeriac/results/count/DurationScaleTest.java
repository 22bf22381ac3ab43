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

    /** One task of 50.5 s must not read as 64 s. */
    @Test
    void tellsTimesOfOneBucketAsTheirMean() {
        for (var share : new double[] {0.5, 0.95, 0.99}) {
            assertThat(percentile(share, 50_500)).isEqualTo(Duration.ofMillis(50_500));
            assertThat(percentile(share, 50_000, 51_000)).isEqualTo(Duration.ofMillis(50_500));
        }
        assertThat(DurationScale.percentile(new long[DurationScale.BUCKETS], Duration.ofHours(1), 0.5))
                .isZero();
    }

    @Test
    void isNotAboveWhatTheSumAllows() {
        assertThat(percentile(0.99, 1, 50_500)).isEqualTo(Duration.ofMillis(50_500));
        assertThat(percentile(0.5, 1, 50_500)).isLessThan(Duration.ofMillis(2));
        var counts = counts(1, 50_500);
        assertThat(DurationScale.percentile(counts, Duration.ZERO, 0.99))
                .as("a sum that lacks replaced rows")
                .isBetween(Duration.ofSeconds(46), Duration.ofSeconds(47));
    }

    private static Duration percentile(double share, long... millis) {
        return DurationScale.percentile(
                counts(millis), Duration.ofMillis(Arrays.stream(millis).sum()), share);
    }

    private static long[] counts(long... millis) {
        var counts = new long[DurationScale.BUCKETS];
        Arrays.stream(millis).forEach(time -> counts[DurationScale.bucket(Duration.ofMillis(time))]++);
        return counts;
    }

    @Test
    void tellsNothingOfNothing() {
        assertThat(DurationScale.percentile(new long[DurationScale.BUCKETS], 0.5))
                .isZero();
    }
}

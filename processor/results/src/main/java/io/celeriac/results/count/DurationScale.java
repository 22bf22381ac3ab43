package io.celeriac.results.count;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * The buckets of the histograms. Half an octave is one bucket from 1 ms to 17 minutes, so that a percentile is off by at most a fifth
 * there; a whole octave is one from there to 37 hours.
 *
 * <p>Buckets stay as they are for ever: stored counts mean them.
 */
final class DurationScale {

    private static final int HALF_OCTAVES = 40;
    private static final int OCTAVES = 7;

    /** The lower bounds of all buckets but the first, in microseconds. */
    private static final long[] BOUNDS = IntStream.rangeClosed(0, HALF_OCTAVES + OCTAVES)
            .mapToLong(bound -> Math.round(1_000 * Math.pow(2, octave(bound))))
            .toArray();

    /** The number of buckets. */
    static final int BUCKETS = BOUNDS.length + 1;

    private DurationScale() {}

    private static double octave(int bound) {
        return bound <= HALF_OCTAVES ? bound / 2.0 : HALF_OCTAVES / 2.0 + bound - HALF_OCTAVES;
    }

    /** The bucket of a length of time; a negative one, which two clocks make, counts as none. */
    static int bucket(Duration length) {
        var micros = Math.max(0, TimeUnit.MICROSECONDS.convert(length)); // which saturates
        var found = Arrays.binarySearch(BOUNDS, micros);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /**
     * The time that a share of the counted times does not exceed, by interpolation inside its bucket.
     *
     * @param counts of each bucket, not negative
     * @param share between 0 and 1
     * @return zero when nothing is counted
     */
    static Duration percentile(long[] counts, double share) {
        var rank = share * Arrays.stream(counts).sum();
        var below = 0L;
        for (var bucket = 0; bucket < BUCKETS; bucket++) {
            if (counts[bucket] > 0 && below + counts[bucket] >= rank) {
                var inside = (rank - below) / counts[bucket];
                return Duration.ofNanos(Math.round(1_000 * (low(bucket) + inside * (high(bucket) - low(bucket)))));
            }
            below += counts[bucket];
        }
        return Duration.ZERO;
    }

    /**
     * As {@link #percentile(long[], double)}, and not above what the sum of the times allows. Times of a single bucket are all told as
     * their mean, so that one time is told as it was.
     *
     * @param sum of all counted times
     */
    static Duration percentile(long[] counts, Duration sum, double share) {
        var total = Arrays.stream(counts).sum();
        var top = IntStream.range(0, BUCKETS)
                .filter(bucket -> counts[bucket] > 0)
                .max()
                .orElse(0);
        if (total == 0) {
            return Duration.ZERO;
        }
        var micros = TimeUnit.MICROSECONDS.convert(sum);
        if (counts[top] == total) {
            return micros(Math.max(low(top), Math.min(high(top), micros / total)));
        }
        var others = -low(top); // one of the longest is not among them
        for (var bucket = 0; bucket < BUCKETS; bucket++) {
            others += counts[bucket] * low(bucket);
        }
        var longest = micros(Math.max(low(top), micros - others));
        var found = percentile(counts, share);
        return found.compareTo(longest) > 0 ? longest : found;
    }

    private static Duration micros(long micros) {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    private static long low(int bucket) {
        return bucket == 0 ? 0 : BOUNDS[bucket - 1];
    }

    /** The last bucket has no upper bound: its times are told as its lower one. */
    private static long high(int bucket) {
        return bucket == BOUNDS.length ? BOUNDS[bucket - 1] : BOUNDS[bucket];
    }
}

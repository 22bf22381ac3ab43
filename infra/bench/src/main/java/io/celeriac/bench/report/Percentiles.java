package io.celeriac.bench.report;

import org.HdrHistogram.Histogram;

/**
 * How a number of durations is spread, in milliseconds with two digits after the point.
 *
 * @param count how many there were
 * @param p50 half of them were at most this
 * @param p95 of a hundred, 95 were
 * @param p99 of a hundred, 99 were
 * @param max the longest
 */
public record Percentiles(long count, double p50, double p95, double p99, double max) {

    private static final double MICROS_PER_MILLI = 1_000;

    /** Of a histogram of microseconds. */
    public static Percentiles of(Histogram micros) {
        return new Percentiles(
                micros.getTotalCount(),
                millis(micros.getValueAtPercentile(50)),
                millis(micros.getValueAtPercentile(95)),
                millis(micros.getValueAtPercentile(99)),
                millis(micros.getMaxValue()));
    }

    private static double millis(long micros) {
        return Rounded.to(2, micros / MICROS_PER_MILLI);
    }
}

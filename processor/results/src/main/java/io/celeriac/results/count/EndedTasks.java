package io.celeriac.results.count;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that were submitted, and tasks that ended, in a span of time.
 *
 * @param submitted how many were submitted
 * @param succeeded how many ended as {@code SUCCESS}
 * @param failed how many ended as {@code FAILURE}
 * @param revoked how many ended as {@code REVOKED}
 * @param submittedPerSecond those submitted, divided by the span
 * @param perSecond those ended, divided by the span
 * @param ran from the start of the last attempt to the end; null when none that ended has started
 * @param waited from the submission, or the eta if that is later, to the start, of tasks that ended in their first attempt; null when there
 *     is none
 */
public record EndedTasks(
        long submitted,
        long succeeded,
        long failed,
        long revoked,
        double submittedPerSecond,
        double perSecond,
        @Nullable Times ran,
        @Nullable Times waited) {

    /**
     * How long something took, in seconds. Percentiles are off by at most a fifth up to 17 minutes, and by at most half beyond; if all times are
     * alike, they are their mean. None is above what the sum of the times allows.
     *
     * @param count how many were measured
     * @param mean of them
     */
    public record Times(long count, double mean, double p50, double p95, double p99) {}

    /** Adds up rows of counters. Not safe for use by several threads. */
    static final class Sum {

        private long submitted;
        private long succeeded;
        private long failed;
        private long revoked;
        private final TimeSum run = new TimeSum();
        private final TimeSum wait = new TimeSum();

        void add(String state, long tasks) {
            switch (state) {
                case CountKey.SUBMITTED -> submitted += tasks;
                case "SUCCESS" -> succeeded += tasks;
                case "FAILURE" -> failed += tasks;
                default -> revoked += tasks;
            }
        }

        TimeSum run() {
            return run;
        }

        TimeSum waited() {
            return wait;
        }

        long submitted() {
            return submitted;
        }

        long ended() {
            return succeeded + failed + revoked;
        }

        /** Rows from before counting began may be replaced, which takes away what was never added. */
        EndedTasks over(Duration span) {
            return new EndedTasks(
                    submitted,
                    Math.max(0, succeeded),
                    Math.max(0, failed),
                    Math.max(0, revoked),
                    submitted / (double) Math.max(1, span.toSeconds()),
                    Math.max(0, ended()) / (double) Math.max(1, span.toSeconds()),
                    run.times(),
                    wait.times());
        }
    }

    /** Adds up one of the two histograms. */
    static final class TimeSum {

        private final long[] buckets = new long[DurationScale.BUCKETS];
        private long millis;

        void addMillis(long more) {
            millis += more;
        }

        void addBucket(int bucket, long count) {
            buckets[bucket] += count;
        }

        private @Nullable Times times() {
            var counts = new long[buckets.length];
            var count = 0L;
            for (var bucket = 0; bucket < buckets.length; bucket++) {
                counts[bucket] = Math.max(0, buckets[bucket]);
                count += counts[bucket];
            }
            var sum = Duration.ofMillis(Math.max(0, millis));
            return count == 0
                    ? null
                    : new Times(
                            count,
                            Math.max(0, millis) / 1_000.0 / count,
                            seconds(counts, sum, 0.50),
                            seconds(counts, sum, 0.95),
                            seconds(counts, sum, 0.99));
        }

        private static double seconds(long[] counts, Duration sum, double share) {
            return DurationScale.percentile(counts, sum, share).toNanos() / 1e9;
        }
    }
}

package io.celeriac.resultsweb.stats;

import io.celeriac.results.count.CountQuery;
import io.celeriac.web.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A span of time in whole steps. Everybody who asks for the same span within a step asks the same question. */
final class StatsWindow {

    private static final int STEPS_BY_DEFAULT = 60;
    private static final int HOUR = 60;
    private static final Duration LONGEST = Duration.ofDays(400);

    private StatsWindow() {}

    /**
     * Extends a span to whole steps.
     *
     * @param queues only these; null for all
     * @param step null: the span gets at most {@value #STEPS_BY_DEFAULT} steps, of whole hours if they are longer than half of one:
     *     these are read from the counters by the hour
     * @throws ProblemException when the span or the step is out of bounds
     */
    static CountQuery of(
            Instant from, Instant to, @Nullable Duration step, @Nullable Set<String> queues, @Nullable String task) {
        var span = Duration.between(from, to);
        if (span.isNegative() || span.isZero() || span.compareTo(LONGEST) > 0) {
            throw ProblemException.invalid("from", "must be before to, by at most " + LONGEST.toDays() + " days");
        }
        var minutes = step == null ? minutesFor(span) : minutes(step);
        var seconds = 60 * minutes;
        var first = Math.floorDiv(from.getEpochSecond(), seconds);
        var last = Math.floorDiv(to.minusNanos(1).getEpochSecond(), seconds);
        if (last - first >= CountQuery.MOST_STEPS) {
            throw ProblemException.invalid(
                    "step", "must leave at most " + CountQuery.MOST_STEPS + " steps between from and to");
        }
        return new CountQuery(
                Instant.ofEpochSecond(first * seconds),
                Instant.ofEpochSecond((last + 1) * seconds),
                Duration.ofMinutes(minutes),
                queues,
                task);
    }

    private static long minutesFor(Duration span) {
        var minutes = Math.max(1, -Math.floorDiv(-span.toSeconds(), 60L * STEPS_BY_DEFAULT));
        return minutes > HOUR / 2 ? -HOUR * Math.floorDiv(-minutes, HOUR) : minutes;
    }

    private static long minutes(Duration step) {
        if (step.compareTo(LONGEST) > 0 || step.toMinutes() < 1 || !step.equals(Duration.ofMinutes(step.toMinutes()))) {
            throw ProblemException.invalid(
                    "step", "must be whole minutes, such as PT5M, and at most " + LONGEST.toDays() + " days");
        }
        return step.toMinutes();
    }
}

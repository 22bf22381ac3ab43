package io.celeriac.schedule.rule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * What the contract says of crontabs and clocks, taken literally: it goes through real time step by step, looks at the wall
 * clock each time, and knows nothing of the days on which clocks are moved.
 */
final class CrontabOracle {

    /** How the hours are written. */
    enum Hours {
        NAMED,
        STEPPED,
        ALL
    }

    /** How far back a time may have been on the clock before: since 2000 no clock was put back by more than three hours. */
    private static final int LEAD = 4 * 3_600;

    private final List<Moment> moments = new ArrayList<>();

    /**
     * @param instant in seconds
     * @param shown by the wall clock
     * @param repeated whether it was shown before
     * @param missing what would have been shown before, had nobody moved the clock
     */
    private record Moment(long instant, LocalDateTime shown, boolean repeated, List<LocalDateTime> missing) {}

    /**
     * @param step in seconds, of which all times that matter are multiples
     */
    CrontabOracle(ZoneRules rules, long from, long until, int step) {
        var seen = new HashSet<Long>();
        var previous = shown(rules, from - LEAD - step);
        for (var at = from - LEAD; at <= until; at += step) {
            var shown = shown(rules, at);
            var repeated = !seen.add(shown);
            if (at >= from) {
                var missing = shown == previous + step ? List.<LocalDateTime>of() : between(previous, shown, step);
                moments.add(new Moment(at, time(shown), repeated, missing));
            }
            previous = shown;
        }
    }

    private static List<LocalDateTime> between(long previous, long shown, int step) {
        return LongStream.iterate(previous + step, time -> time < shown, time -> time + step)
                .mapToObj(CrontabOracle::time)
                .toList();
    }

    private static long shown(ZoneRules rules, long at) {
        return at + rules.getOffset(Instant.ofEpochSecond(at)).getTotalSeconds();
    }

    private static LocalDateTime time(long shown) {
        return LocalDateTime.ofEpochSecond(shown, 0, ZoneOffset.UTC);
    }

    /** When it fires, from the first second to the last. */
    List<Instant> fires(Predicate<LocalDateTime> matches, Hours hours) {
        var fires = new ArrayList<Instant>();
        for (var moment : moments) {
            var shown = matches.test(moment.shown) && !(moment.repeated && hours == Hours.NAMED);
            var madeUp = hours != Hours.ALL && moment.missing.stream().anyMatch(matches);
            if (shown || madeUp) {
                fires.add(Instant.ofEpochSecond(moment.instant));
            }
        }
        return fires;
    }
}

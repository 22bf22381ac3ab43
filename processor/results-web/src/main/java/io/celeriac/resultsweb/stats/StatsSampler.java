package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountQuery;
import io.celeriac.web.load.SharedAnswers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Answers the same question about what ended by one look at the counters for all readers of two seconds; of half a minute, if it is about
 * more than a day, or about a time that is over, to which only late results add. So the database works for the number of different questions, and not for the number of readers, and an overview of a
 * week that is left open does not keep it busy.
 */
final class StatsSampler {

    private static final Duration GOOD_FOR = Duration.ofSeconds(2);
    private static final Duration LONG_ONES_GOOD_FOR = Duration.ofSeconds(30);

    /** A day, extended to whole steps at both ends. */
    private static final Duration LONG = Duration.ofDays(1).plusHours(1);

    private static final int MOST_ANSWERS = 200;

    private final InstantSource clock;
    private final SharedAnswers<CountQuery, Stats> answers;
    private final SharedAnswers<CountQuery, Stats> longAnswers;

    StatsSampler(Function<CountQuery, Stats> counters, InstantSource clock, Ticker ticker) {
        this.clock = clock;
        var room = SharedAnswers.Room.<Stats>forAnswers(MOST_ANSWERS);
        answers = new SharedAnswers<>(counters, GOOD_FOR, room, clock, ticker);
        longAnswers = new SharedAnswers<>(counters, LONG_ONES_GOOD_FOR, room, clock, ticker);
    }

    Stats stats(CountQuery query) {
        var isLong = Duration.between(query.from(), query.to()).compareTo(LONG) > 0;
        var isOver = !query.to().isAfter(clock.instant());
        return (isLong || isOver ? longAnswers : answers).answer(query);
    }
}

package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountQuery;
import io.celeriac.web.load.SharedAnswers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Answers the same question about what ended by one look at the counters for all readers of two seconds. So the database works for the
 * number of different questions, and not for the number of readers.
 */
final class StatsSampler {

    private static final Duration GOOD_FOR = Duration.ofSeconds(2);
    private static final int MOST_ANSWERS = 200;

    private final SharedAnswers<CountQuery, Stats> answers;

    StatsSampler(Function<CountQuery, Stats> counters, InstantSource clock, Ticker ticker) {
        answers = new SharedAnswers<>(counters, GOOD_FOR, SharedAnswers.Room.forAnswers(MOST_ANSWERS), clock, ticker);
    }

    Stats stats(CountQuery query) {
        return answers.answer(query);
    }
}

package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountQuery;
import java.time.Duration;
import java.util.function.Function;

/**
 * Answers the same question of many readers by one look at the counters. An answer is good for two seconds; who asks while it is being
 * found waits for it. So the database works for the number of different questions, and not for the number of readers.
 */
final class StatsSampler {

    private static final Duration GOOD_FOR = Duration.ofSeconds(2);
    private static final int MOST_ANSWERS = 200;

    private final Cache<CountQuery, Stats> answers;
    private final Function<CountQuery, Stats> counters;

    StatsSampler(Function<CountQuery, Stats> counters, Ticker ticker) {
        this.counters = counters;
        this.answers = Caffeine.newBuilder()
                .maximumSize(MOST_ANSWERS)
                .expireAfterWrite(GOOD_FOR)
                .ticker(ticker)
                .build();
    }

    Stats stats(CountQuery query) {
        return answers.get(query, counters);
    }
}

package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountQuery;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.load.SharedAnswers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/**
 * Tells how full the deepest queues were, for the overview. Readers who may see the same queues share an answer for five seconds; for half
 * a minute, if it is about more than a day.
 */
public final class DeepestQueues {

    /** As many as a chart has lines. */
    static final int MOST = 3;

    private static final Duration GOOD_FOR = Duration.ofSeconds(5);
    private static final Duration LONG_ONES_GOOD_FOR = Duration.ofSeconds(30);
    private static final Duration LONG = Duration.ofDays(1);
    private static final int MOST_ANSWERS = 100;

    private final InstantSource clock;
    private final SharedAnswers<CountQuery, List<QueueHistory>> answers;
    private final SharedAnswers<CountQuery, List<QueueHistory>> longAnswers;

    DeepestQueues(Function<CountQuery, List<QueueHistory>> depths, InstantSource clock, Ticker ticker) {
        this.clock = clock;
        var room = SharedAnswers.Room.<List<QueueHistory>>forAnswers(MOST_ANSWERS);
        answers = new SharedAnswers<>(depths, GOOD_FOR, room, clock, ticker);
        longAnswers = new SharedAnswers<>(depths, LONG_ONES_GOOD_FOR, room, clock, ticker);
    }

    /** Of the queues that the caller sees, those with the most ready tasks at once in this time, the deepest first. */
    public List<QueueHistory> within(Duration window, Caller caller) {
        var now = clock.instant();
        var question = StatsWindow.of(now.minus(window), now, null, caller.queues(), null);
        return (window.compareTo(LONG) > 0 ? longAnswers : answers).answer(question);
    }
}

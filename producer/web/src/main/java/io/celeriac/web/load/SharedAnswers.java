package io.celeriac.web.load;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Answers the same question of many readers once in each span of time. Who asks while the answer is being found waits for it. A failure
 * is told to those who wait for it, and the next reader asks anew.
 *
 * <p>Spans begin at whole multiples of their length, and not at the first question. So readers that ask at any time cause at most one
 * look in each span, and five of them nearly as many looks as fifty.
 *
 * <p>A question must contain everything that its answer depends on: what a caller may see too.
 *
 * @param <Q> a question; equal ones have the same answer
 * @param <A> an answer; readers share it, so nobody may change it
 */
public final class SharedAnswers<Q, A> {

    /** A question in a span. */
    private record Asked<Q>(long span, Q question) {}

    /**
     * How much of the answers is kept.
     *
     * @param most weight of all answers together; those that are asked for least go first
     * @param weight of one answer, in the same unit
     */
    public record Room<A>(long most, ToLongFunction<A> weight) {

        /** Room for a number of answers. */
        public static <A> Room<A> forAnswers(int most) {
            return new Room<>(most, answer -> 1);
        }
    }

    private final Function<Q, A> source;
    private final long span;
    private final InstantSource clock;
    private final AsyncCache<Asked<Q>, A> answers;

    /**
     * @param source finds an answer; called by the thread of the reader that asks first
     * @param span how old an answer may be when a reader gets it, beside the time that it took to find it
     * @param clock decides in which span a question is asked
     * @param ticker decides when memory forgets an answer, so that a clock that is set back brings no old one up
     */
    public SharedAnswers(Function<Q, A> source, Duration span, Room<A> room, InstantSource clock, Ticker ticker) {
        this.source = source;
        this.span = span.toMillis();
        this.clock = clock;
        answers = Caffeine.newBuilder()
                .maximumWeight(room.most())
                .weigher((Asked<Q> asked, A answer) -> weight(room.weight().applyAsLong(answer)))
                .expireAfterWrite(span)
                .executor(Runnable::run)
                .ticker(ticker)
                .buildAsync();
    }

    private static int weight(long weight) {
        return (int) Math.min(weight, Integer.MAX_VALUE);
    }

    /** The answer of this span. */
    public A answer(Q question) {
        var own = new CompletableFuture<A>();
        var answer = answers.get(new Asked<>(Math.floorDiv(clock.millis(), span), question), (asked, executor) -> own);
        if (answer == own) {
            find(question, own);
        }
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void find(Q question, CompletableFuture<A> answer) {
        try {
            answer.complete(source.apply(question));
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }
}

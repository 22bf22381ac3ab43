package io.celeriac.engine.topic;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells stream threads whether the topics of next steps exist, without making them wait.
 *
 * <p>Without this check, a thread that sends to a missing topic waits for a minute, fails, and begins again, for ever. Most next steps
 * are checked on their attempt's thread. This class is for next steps that no attempt has checked: those of a poison pill, of a task
 * that is too large, or of an earlier owner's task.
 *
 * <p>A topic that exists is looked up again after a minute, as it may have been deleted. Only the cluster's word that there is no such
 * topic is an absence: after a fault of the cluster, the topic is looked up again.
 *
 * <p>Safe for use by several threads.
 */
public final class StepCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StepCheck.class);

    /** After this time, a caller that is told of an existing topic lets it be looked up again. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** After this time, an answer is not told any more. */
    private static final Duration KNOWN = Duration.ofMinutes(2);

    private static final Duration AFTER_FAULT = Duration.ofSeconds(5);

    /** The answer about a topic. */
    public sealed interface Answer {

        /** The topic is being looked up, or will be when the cluster answers again. */
        record Pending() implements Answer {}

        record Present() implements Answer {}

        /** The cluster has no such topic, and why there is none. */
        record Absent(String why) implements Answer {}
    }

    /**
     * What is known of a topic.
     *
     * @param isAsked whether it is being looked up
     * @param again when it is looked up again
     * @param until when the answer ends
     */
    private record Known(Answer answer, boolean isAsked, Instant again, Instant until) {}

    private static final Answer PENDING = new Answer.Pending();
    private static final Answer PRESENT = new Answer.Present();

    private final StepTopics topics;
    private final Executor executor;
    private final InstantSource clock;
    private final ConcurrentMap<String, Known> answers = new ConcurrentHashMap<>();

    /**
     * @param topics may block
     * @param executor to ask them on
     */
    public StepCheck(StepTopics topics, Executor executor, InstantSource clock) {
        this.topics = topics;
        this.executor = executor;
        this.clock = clock;
    }

    /**
     * Returns what is known of a topic. A caller that gets {@link Answer.Pending} asks again later. An absence is returned once; the
     * next call looks the topic up again.
     *
     * @param whenKnown runs when the topic has been looked up, on any thread
     */
    public Answer of(String topic, Runnable whenKnown) {
        var now = clock.instant();
        var before = answers.get(topic);
        if (before != null && before.answer instanceof Answer.Absent && now.isBefore(before.until)) {
            answers.remove(topic, before);
            return before.answer;
        }
        var answer = before != null && before.answer.equals(PRESENT) && now.isBefore(before.until) ? PRESENT : PENDING;
        var isDue = before == null || (!before.isAsked && !now.isBefore(before.again));
        if (isDue && isReplaced(topic, before, new Known(answer, true, now, now.plus(KNOWN)))) {
            ask(topic, whenKnown);
        }
        return answer;
    }

    /** Forgets all answers. To be called when a partition begins to run: it may begin again because it sent to a topic that was
     * deleted. */
    public void forget() {
        topics.forget();
        answers.values().removeIf(known -> !known.isAsked);
    }

    private boolean isReplaced(String topic, @Nullable Known before, Known after) {
        return before == null ? answers.putIfAbsent(topic, after) == null : answers.replace(topic, before, after);
    }

    private void ask(String topic, Runnable whenKnown) {
        try {
            executor.execute(() -> find(topic, whenKnown));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not looked up, as the worker stops", topic, e);
            answers.remove(topic);
        }
    }

    private void find(String topic, Runnable whenKnown) {
        try {
            topics.require(topic);
            keep(topic, PRESENT, FRESH);
        } catch (UnknownQueueException e) {
            LOG.error("next steps cannot go to topic {}", topic, e);
            keep(topic, new Answer.Absent(String.valueOf(e.getMessage())), KNOWN);
        } catch (RuntimeException | Error e) { // answers in any case: otherwise the callers would wait for ever
            LOG.warn("topic {} cannot be looked up, and is again in {}: {}", topic, AFTER_FAULT, e.toString());
            var now = clock.instant();
            answers.computeIfPresent(
                    topic, (name, known) -> new Known(known.answer, false, now.plus(AFTER_FAULT), now.plus(KNOWN)));
        }
        whenKnown.run();
    }

    private void keep(String topic, Answer answer, Duration fresh) {
        var now = clock.instant();
        answers.put(topic, new Known(answer, false, now.plus(fresh), now.plus(KNOWN)));
    }
}

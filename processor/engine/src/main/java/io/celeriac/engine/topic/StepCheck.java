package io.celeriac.engine.topic;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells stream threads whether the topics of next steps exist, without making them wait.
 *
 * <p>Without this check, a thread that sends to a missing topic waits for a minute, fails, and begins again, for ever. Most next steps
 * are checked on their attempt's thread. This class is for next steps that no attempt has checked: those of a poison pill, of a task
 * that is too large, or of an earlier owner's task.
 *
 * <p>Safe for use by several threads.
 */
public final class StepCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StepCheck.class);

    /** The answer about a topic. */
    public sealed interface Answer {

        /** The topic is being looked up. */
        record Pending() implements Answer {}

        record Present() implements Answer {}

        /** Next steps cannot go to the topic, and why. */
        record Absent(String why) implements Answer {}
    }

    private static final Answer PENDING = new Answer.Pending();
    private static final Answer PRESENT = new Answer.Present();

    private final StepTopics topics;
    private final Executor executor;
    private final ConcurrentMap<String, Answer> answers = new ConcurrentHashMap<>();

    /**
     * @param topics may block
     * @param executor to ask them on
     */
    public StepCheck(StepTopics topics, Executor executor) {
        this.topics = topics;
        this.executor = executor;
    }

    /**
     * Returns what is known of a topic. A caller that gets {@link Answer.Pending} asks again later. An absence is returned once; the
     * next call looks the topic up again.
     *
     * @param whenKnown runs when there is an answer, on any thread
     */
    public Answer of(String topic, Runnable whenKnown) {
        var before = answers.putIfAbsent(topic, PENDING);
        if (before == null) {
            ask(topic, whenKnown);
            return PENDING;
        }
        if (before instanceof Answer.Absent) {
            answers.remove(topic, before);
        }
        return before;
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
            answers.put(topic, PRESENT);
        } catch (RuntimeException | Error e) { // answers in any case: otherwise the callers would wait for ever
            LOG.error("next steps cannot go to topic {}", topic, e);
            answers.put(topic, new Answer.Absent(String.valueOf(e.getMessage())));
        }
        whenKnown.run();
    }
}

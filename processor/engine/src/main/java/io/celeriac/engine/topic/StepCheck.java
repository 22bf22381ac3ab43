package io.celeriac.engine.topic;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether the topics of next steps are there, to stream threads, which must not wait for the answer. Without it, a thread
 * that sends to a topic that is not there waits for a minute, fails, and begins again, for ever. Most next steps are checked on their
 * attempt's thread; this is for those that come of no attempt: of a poison pill, or left over by an earlier owner.
 *
 * <p>Safe for use by several threads.
 */
public final class StepCheck {

    private static final Logger LOG = LoggerFactory.getLogger(StepCheck.class);

    /** What is known of a topic. */
    public sealed interface Answer {

        /** It is being found out. */
        record Pending() implements Answer {}

        record Present() implements Answer {}

        /** There is none, and why. */
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
     * What is known of a topic. Who is told that it is pending asks again later; an absence is told once, and then asked for anew.
     *
     * @param whenKnown run when there is an answer, on any thread
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
            LOG.debug("{} is not asked for, as the worker stops", topic, e);
            answers.remove(topic);
        }
    }

    private void find(String topic, Runnable whenKnown) {
        try {
            topics.require(topic);
            answers.put(topic, PRESENT);
        } catch (RuntimeException | Error e) { // an answer in any case, or those who ask wait for ever
            LOG.error("there is no {} for next steps", topic, e);
            answers.put(topic, new Answer.Absent(String.valueOf(e.getMessage())));
        }
        whenKnown.run();
    }
}

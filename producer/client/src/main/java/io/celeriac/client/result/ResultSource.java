package io.celeriac.client.result;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where task handles find results: the results topic, by a {@link ResultReader}, or the memory of a test, by {@link MemoryResults}.
 * Safe for use by several threads.
 */
public interface ResultSource {

    /**
     * Watches for the results of a task. Whoever watches must call {@link #release} in the end.
     *
     * @param since where its first result may lie
     */
    ResultWatch watch(String id, Since since);

    /** Ends a watch. The source forgets the task when nobody else watches it. */
    void release(ResultWatch watch);

    /**
     * The place in the partition of an id that the source has reached. Every result of a task that has yet to be sent lies behind
     * it.
     *
     * @return empty when it is not known
     */
    OptionalLong place(String id);

    /** How long a question to the source waits for its answer. */
    Duration answerTimeout();

    /** Why results cannot be read at the moment; empty when they can. */
    Optional<String> failure();
}

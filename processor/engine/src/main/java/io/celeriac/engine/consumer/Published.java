package io.celeriac.engine.consumer;

import io.celeriac.engine.task.Sender;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the records that a stream thread has published are durable; those that attempts of its partitions have published by
 * {@link #sender} count as its own. Called on the stream thread.
 */
public interface Published {

    /** How many records of the calling thread were ever published. */
    long sent();

    /** Returns when everything that the calling thread has sent is acknowledged, or has failed; also what its stores have logged. */
    void flush();

    /**
     * Returns when the first records that were published are acknowledged, or have failed.
     *
     * @param count how many of them, see {@link #sent}
     */
    void flushPublished(long count);

    /** How many records of the calling thread have ever failed to be published. */
    long failures();

    /**
     * Publishes records on any thread, without Streams; null where each record has to be part of a transaction of Streams. It belongs to
     * the calling thread: it is closed with it.
     */
    @Nullable
    Sender sender();
}

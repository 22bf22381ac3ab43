package io.celeriac.resultsweb.event;

import java.io.IOException;

/**
 * The non-blocking output of a client's stream. Called by one thread at a time.
 *
 * <p>Its creator calls {@link EventClient#writable()} when it is ready for the first time, and each time it is ready again
 * after {@link #isReady()} was false. When it is over, its creator calls {@link EventClient#closed()}; after that it must
 * not be used.
 */
interface EventOutput {

    /** True when a write or a flush does not wait. */
    boolean isReady();

    /**
     * Writes bytes. Only when ready.
     *
     * @throws IOException when the client is gone; then only {@link #abort()} may follow
     */
    void write(byte[] bytes) throws IOException;

    /** Flushes what was written so far, under the conditions of {@link #write(byte[])}. */
    void flush() throws IOException;

    /** Ends the stream after everything that was written. Only when ready. */
    void complete();

    /** Ends the stream at once, and discards what is on its way. */
    void abort();
}

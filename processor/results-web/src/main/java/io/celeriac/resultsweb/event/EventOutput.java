package io.celeriac.resultsweb.event;

import java.io.IOException;

/**
 * Where a client's stream goes: never waits. Called by one thread at a time.
 *
 * <p>Whoever made it calls {@link EventClient#writable()} when it may first be written to, and each time it is ready
 * again after it said that it is not; and {@link EventClient#closed()} when it is over, after which it must not be
 * touched.
 */
interface EventOutput {

    /** Whether a write or a flush is taken at once. */
    boolean isReady();

    /**
     * Only when ready.
     *
     * @throws IOException when the client is gone; then nothing may follow but {@link #abort()}
     */
    void write(byte[] bytes) throws IOException;

    /** As {@link #write(byte[])}, for what was written so far. */
    void flush() throws IOException;

    /** Ends it after what was written. Only when ready. */
    void complete();

    /** Ends it at once, whatever is on its way. */
    void abort();
}

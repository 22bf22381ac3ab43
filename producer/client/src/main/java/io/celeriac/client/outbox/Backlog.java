package io.celeriac.client.outbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an outbox that wait to be sent, without those that were set aside.
 *
 * @param rows how many there are, {@value #MOST} at most
 * @param oldestAt when the first of them was stored; null when there is none
 */
public record Backlog(long rows, @Nullable Instant oldestAt) {

    /** More rows are not counted, so that the count stays cheap. */
    public static final int MOST = 100_000;
}

package io.celeriac.resultsweb.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record kept in memory, and the way to the next one. Read as JSON when the first client comes to it, once for all of
 * them.
 *
 * <p>It may be forgotten while a slow client still stands before it: then its content is gone, and
 * {@link #isForgotten()} tells it from a record that had none.
 */
final class KeptRecord {

    private static final int NO_PARTITION = -1;
    private static final int OVERHEAD = 600; // what was read of it for filters, its position with the text of it

    private final int partition;
    private final long offset;
    private final Position after;
    private final int size;
    private byte @Nullable [] value;
    private @Nullable StateChange change;
    private volatile boolean forgotten;
    private volatile @Nullable KeptRecord next;

    /**
     * @param value null for a tombstone
     * @param after how far the topic was read with it
     */
    KeptRecord(int partition, long offset, byte @Nullable [] value, Position after) {
        this.partition = partition;
        this.offset = offset;
        this.value = value;
        this.after = after;
        size = OVERHEAD + (value == null ? 0 : value.length);
    }

    /** No record, only how far the topic was read: over what is not for readers, as the end of a transaction. */
    static KeptRecord mark(Position after) {
        return new KeptRecord(NO_PARTITION, 0, null, after);
    }

    /** Whether a stream at this position has it behind it. */
    boolean isBehind(Position position) {
        return partition == NO_PARTITION || offset < position.next(partition);
    }

    /** Where it lies; below 0 for a mark. */
    int partition() {
        return partition;
    }

    long offset() {
        return offset;
    }

    Position after() {
        return after;
    }

    /** Approximate bytes in memory. */
    int size() {
        return size;
    }

    /** Empty for a tombstone, for what is no result, and once it is forgotten. */
    synchronized Optional<StateChange> change(StateChangeReader reader) {
        if (value != null) {
            change = reader.read(value).orElse(null);
            value = null;
        }
        return Optional.ofNullable(change);
    }

    boolean isForgotten() {
        return forgotten;
    }

    synchronized void forget() {
        forgotten = true;
        value = null;
        change = null;
    }

    /** Null until there is one. */
    @Nullable
    KeptRecord next() {
        return next;
    }

    void next(KeptRecord record) {
        next = record;
    }
}

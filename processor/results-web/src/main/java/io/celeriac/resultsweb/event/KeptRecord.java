package io.celeriac.resultsweb.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record kept in memory, with a link to the next one. Its JSON is parsed once for all clients, when the first one comes
 * to it.
 *
 * <p>It may be forgotten before a slow client has read it. Then its content is gone, and {@link #isForgotten()} tells it
 * from a record that never had any.
 */
final class KeptRecord {

    private static final int NO_PARTITION = -1;
    private static final int OVERHEAD = 600; // the fields for filters, and the position with its text

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
     * @param after the position in the topic after this record
     */
    KeptRecord(int partition, long offset, byte @Nullable [] value, Position after) {
        this.partition = partition;
        this.offset = offset;
        this.value = value;
        this.after = after;
        size = OVERHEAD + (value == null ? 0 : value.length);
    }

    /** A position without a record: the topic was read past offsets that hold none, such as the end of a transaction. */
    static KeptRecord mark(Position after) {
        return new KeptRecord(NO_PARTITION, 0, null, after);
    }

    /** True when a stream at this position has passed this record. */
    boolean isBehind(Position position) {
        return partition == NO_PARTITION || offset < position.next(partition);
    }

    /** The record's partition; negative for a mark. */
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

    /** Empty for a tombstone, for a record that is no result, and after the record was forgotten. */
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

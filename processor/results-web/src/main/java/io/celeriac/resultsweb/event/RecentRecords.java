package io.celeriac.resultsweb.event;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest records in the order in which they were read, up to a number of bytes. One thread appends; any number may
 * walk along them by {@link KeptRecord#next()}, without a lock, and slower than they are forgotten.
 */
final class RecentRecords {

    private final long mostBytes;
    private KeptRecord forgotten; // the last one that was, or where all began
    private KeptRecord last;
    private long bytes;

    /**
     * @param mostBytes to keep, approximately
     */
    RecentRecords(long mostBytes) {
        this.mostBytes = mostBytes;
        last = KeptRecord.mark(Position.START);
        forgotten = last;
    }

    /** Says where reading begins, before there is any record. */
    synchronized void begin(Position position) {
        last = KeptRecord.mark(position);
        forgotten = last;
    }

    /**
     * @param value null for a tombstone
     */
    synchronized void append(int partition, long offset, byte @Nullable [] value) {
        append(new KeptRecord(partition, offset, value, last.after().with(partition, offset + 1)));
    }

    /** Says that the topic was read up to here, with or without records. */
    synchronized void reached(Position position) {
        if (!last.after().covers(position)) {
            append(KeptRecord.mark(last.after().max(position)));
        }
    }

    /** The latest, after which comes what is yet to be read. */
    synchronized KeptRecord last() {
        return last;
    }

    /**
     * A record after which comes all that a stream at this position has not seen; among it may be some that it has.
     *
     * @return empty when some of it is forgotten, or was never read
     */
    synchronized Optional<KeptRecord> startFor(Position position) {
        return position.covers(forgotten.after()) ? Optional.of(forgotten) : Optional.empty();
    }

    private void append(KeptRecord record) {
        last.next(record);
        last = record;
        bytes += record.size();
        while (bytes > mostBytes && forgotten != last) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        var oldest = Objects.requireNonNull(forgotten.next(), "oldest");
        oldest.forget();
        bytes -= oldest.size();
        forgotten = oldest;
    }
}

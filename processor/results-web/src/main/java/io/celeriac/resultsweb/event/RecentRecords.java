package io.celeriac.resultsweb.event;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The latest records in the order in which they were read, up to a number of bytes. One thread appends. Any number of
 * threads may follow {@link KeptRecord#next()} without a lock; a slow thread may meet records that are forgotten.
 */
final class RecentRecords {

    private final long mostBytes;
    private KeptRecord forgotten; // the last record that was forgotten, or the mark at the beginning
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

    /** Sets where reading begins, before there is any record. */
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

    /** Takes note that the topic was read up to here, with or without records. */
    synchronized void reached(Position position) {
        if (!last.after().covers(position)) {
            append(KeptRecord.mark(last.after().max(position)));
        }
    }

    /** The latest record or mark. */
    synchronized KeptRecord last() {
        return last;
    }

    /**
     * A record after which come all records that a stream at this position has not seen, and possibly some that it has.
     *
     * @return empty when some of these records are forgotten, or were never read
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

package io.celeriac.bench.results;

import java.util.function.LongSupplier;

/**
 * How many tasks there are, reckoned from what was written and deleted since they were counted: counting ten million again and again
 * would be what is measured. Right as long as each result is of another task.
 */
final class RowCount {

    private final long counted;
    private final LongSupplier written;
    private final LongSupplier deleted;

    /**
     * @param counted before anything was written or deleted
     */
    RowCount(long counted, LongSupplier written, LongSupplier deleted) {
        this.counted = counted;
        this.written = written;
        this.deleted = deleted;
    }

    long now() {
        var gone = deleted();
        return counted + written() - gone;
    }

    long written() {
        return written.getAsLong();
    }

    long deleted() {
        return deleted.getAsLong();
    }
}

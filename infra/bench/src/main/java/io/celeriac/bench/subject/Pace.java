package io.celeriac.bench.subject;

/** How fast something is done that is done in batches. The first batch is when it begins, and does not count. Safe for several threads. */
final class Pace {

    private long total;
    private long firstBatch;
    private long first;
    private long last;

    synchronized void add(int done) {
        last = System.nanoTime();
        if (total == 0) {
            first = last;
            firstBatch = done;
        }
        total += done;
    }

    synchronized double perSecond() {
        return (total - firstBatch) * 1e9 / (last - first);
    }
}

package io.celeriac.web.load;

import io.celeriac.web.WebProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The limits of the work that the gateway takes on at once. They follow from the heap, so that no number of clients can
 * exhaust it.
 *
 * <pre>
 * what                    share of the heap   bytes each, measured
 * streams of events       3/16                160 KB: 95 of the connection, 64 of events that the client has not taken yet
 * waiting requests        1/8                  64 KB: a connection with a request that is not answered yet
 * other connections       1/16                 20 KB: an idle connection
 * bodies being read       1/16                at least 16 MB, each byte counts eight times
 * batches being read      1/8                 at least one, each byte counts twice
 * results to wait for     1/16                at most 64 MB
 * events in memory        1/16                at most 32 MB
 * shared pages of tasks   1/32                at most 32 MB
 * </pre>
 *
 * @param streams open streams of events
 * @param waiting requests that wait for a result, or for the database
 * @param connections of any kind
 * @param bodyBytes memory for bodies that are being read
 * @param batchBytes memory for batches that are being read
 * @param resultBytes of recent results
 * @param eventBytes of events that streams are fed from
 * @param pageBytes of pages of tasks that readers share
 */
public record Bounds(
        int streams,
        int waiting,
        int connections,
        long bodyBytes,
        long batchBytes,
        long resultBytes,
        long eventBytes,
        long pageBytes) {

    private static final int STREAM = 160 << 10;
    private static final int WAITING = 64 << 10;
    private static final int CONNECTION = 20 << 10;
    private static final int FEWEST = 100;
    private static final long LEAST_FOR_BODIES = 16L << 20;
    private static final long MOST_RESULTS = 64L << 20;
    private static final long MOST_EVENTS = 32L << 20;
    private static final long MOST_PAGES = 32L << 20;

    /**
     * @param heap of the JVM, used if the settings name no other
     */
    public static Bounds of(WebProperties settings, long heap) {
        var events = settings.events();
        var bytes = settings.heap() == null ? heap : settings.heap().toBytes();
        var streams = set(events.maxClients(), number(bytes * 3 / 16, STREAM));
        var waiting = set(settings.maxWaiting(), number(bytes / 8, WAITING));
        return new Bounds(
                streams,
                waiting,
                streams + waiting + number(bytes / 16, CONNECTION),
                size(settings.bodyMemory(), Math.max(bytes / 16, LEAST_FOR_BODIES)),
                Math.max(
                        bytes / 8,
                        BodyMemory.OF_A_BATCH * settings.maxBatchSize().toBytes()),
                Math.min(bytes / 16, MOST_RESULTS),
                size(events.keptSize(), Math.min(bytes / 16, MOST_EVENTS)),
                Math.min(bytes / 32, MOST_PAGES));
    }

    private static int number(long bytes, int each) {
        return (int) Math.max(FEWEST, Math.min(bytes / each, 1_000_000));
    }

    private static int set(@Nullable Integer setting, int derived) {
        return setting == null ? derived : setting;
    }

    private static long size(@Nullable DataSize setting, long derived) {
        return setting == null ? derived : setting.toBytes();
    }
}

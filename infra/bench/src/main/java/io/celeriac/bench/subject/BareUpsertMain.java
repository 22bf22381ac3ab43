package io.celeriac.bench.subject;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The rows that a materializer has written, written again by what the driver does best: batches in one statement each, without
 * Kafka, JSON, or a rule about which row is the newer. What the materializer is compared with. Arguments: URL of the
 * database that has the rows, URL of the one that gets them, user, password, connections, rows of a batch.
 */
public final class BareUpsertMain {

    /** Before the rows of {@code task_result} that were written per second, from the end of the first batch on. */
    public static final String PER_SECOND = "ROWS PER SECOND";

    private BareUpsertMain() {}

    public static void main(String[] args) {
        Parent.endWithIt();
        var connections = Integer.parseInt(args[4]);
        var batch = Integer.parseInt(args[5]);
        var pace = new Pace();
        try (var from = pool(args[0], args[2], args[3], 1);
                var to = pool(args[1], args[2], args[3], connections)) {
            var rows = BareUpsertRepository.read(from);
            System.out.println(Ready.MARKER);
            var threads = Executors.newFixedThreadPool(connections);
            try {
                var share = (rows.size() + connections - 1) / connections;
                CompletableFuture.allOf(IntStream.range(0, connections)
                                .mapToObj(i -> rows.part(i * share, (i + 1) * share))
                                .map(part -> CompletableFuture.runAsync(
                                        () -> new BareUpsertRepository(to).write(part, batch, pace::add), threads))
                                .toArray(CompletableFuture<?>[]::new))
                        .join();
            } finally {
                threads.shutdown();
            }
        }
        System.out.println(String.format(Locale.ROOT, "%s %.1f", PER_SECOND, pace.perSecond()));
    }

    private static HikariDataSource pool(String url, String user, String password, int size) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername(user);
        pool.setPassword(password);
        pool.setMaximumPoolSize(size);
        return pool;
    }
}

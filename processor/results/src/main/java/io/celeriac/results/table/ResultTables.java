package io.celeriac.results.table;

import io.celeriac.results.loop.Loop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The tables {@code task_*}, migrated to this version. A program that only reads migrates them at its start; a program with other work to
 * do migrates them as soon as the database is there.
 */
public final class ResultTables implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultTables.class);

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean ready;
    private volatile @Nullable String trouble;

    private ResultTables() {}

    /**
     * Creates or migrates the tables. Blocks, and tries again while the database is unavailable.
     *
     * @param url of the database, for the message only
     * @param timeout after which it gives up
     * @throws DatabaseUnavailableException after the timeout
     */
    public static ResultTables migrate(DataSource database, String url, Duration timeout) {
        var tables = new ResultTables();
        var error = tables.migrate(
                database, timeout, e -> LOG.warn("database not ready, trying again: {}", e.getMessage()));
        if (error != null) {
            throw new DatabaseUnavailableException(url, timeout, error);
        }
        return tables;
    }

    /** Creates or migrates the tables on a thread of its own, which tries again until it succeeds or is closed. */
    public static ResultTables migrateInBackground(DataSource database, Loop loop) {
        var tables = new ResultTables();
        var thread = new Thread(
                () -> {
                    tables.migrate(database, Duration.ofMillis(Long.MAX_VALUE), e -> loop.failed("start", e));
                    loop.went();
                },
                "results-tables");
        thread.setDaemon(true);
        thread.start();
        return tables;
    }

    /**
     * To be called before the tables are used.
     *
     * @throws TablesMissingException when they are not up to date yet
     */
    public void require() {
        if (!ready) {
            throw new TablesMissingException(trouble);
        }
    }

    private @Nullable Throwable migrate(DataSource database, Duration timeout, Consumer<Throwable> failed) {
        var backOff = new ExponentialBackOff(200, 2);
        backOff.setMaxInterval(5_000);
        backOff.setMaxElapsedTime(timeout.toMillis());
        var wait = backOff.start();
        while (true) {
            var error = tried(database);
            if (error == null) {
                ready = true;
                return null;
            }
            trouble = String.valueOf(error.getMessage());
            failed.accept(error);
            var millis = wait.nextBackOff();
            if (millis == BackOffExecution.STOP || isClosedWithin(millis)) {
                return error;
            }
        }
    }

    /** Catches everything: to try again is better than a thread that ends unnoticed. */
    private static @Nullable Throwable tried(DataSource database) {
        try {
            new MigrationRepository(database).migrate();
            return null;
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    private boolean isClosedWithin(long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Stops trying, if the tables are not up to date yet. */
    @Override
    public void close() {
        closed.countDown();
    }
}

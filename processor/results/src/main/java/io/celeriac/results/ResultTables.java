package io.celeriac.results;

import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * The tables {@code task_*}, up to date: whoever has an instance may use them.
 *
 * <p>They have a Flyway history of their own, {@code flyway_history_results}, since several modules keep tables in one
 * database. Programs that start at once wait for each other by Flyway's lock, or try again.
 */
public final class ResultTables {

    private static final Logger LOG = LoggerFactory.getLogger(ResultTables.class);

    private ResultTables() {}

    /**
     * Creates or migrates the tables. Blocks; tries again while the database is not up.
     *
     * @param url of the database, for the message only
     * @param timeout after which it gives up
     * @throws DatabaseUnavailableException when it gave up
     */
    public static ResultTables migrate(DataSource database, String url, Duration timeout) {
        var flyway = Flyway.configure(ResultTables.class.getClassLoader())
                .dataSource(database)
                .locations("classpath:db/celeriac-results")
                .table("flyway_history_results")
                .baselineOnMigrate(true) // others' tables may be there already
                .baselineVersion("0")
                .load();
        var backOff = new ExponentialBackOff(200, 2);
        backOff.setMaxInterval(5_000);
        backOff.setMaxElapsedTime(timeout.toMillis());
        var wait = backOff.start();
        while (true) {
            try {
                flyway.migrate();
                return new ResultTables();
            } catch (FlywayException e) {
                var millis = wait.nextBackOff();
                if (millis == BackOffExecution.STOP) {
                    throw new DatabaseUnavailableException(url, timeout, e);
                }
                LOG.warn("database not ready, trying again in {} ms: {}", millis, e.getMessage());
                pause(millis, url, timeout, e);
            }
        }
    }

    private static void pause(long millis, String url, Duration timeout, FlywayException cause) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailableException(url, timeout, cause);
        }
    }
}

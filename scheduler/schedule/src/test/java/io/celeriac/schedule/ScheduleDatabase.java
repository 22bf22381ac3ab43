package io.celeriac.schedule;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestDatabase;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** A migrated database and what works on it, at a clock of the test's. */
final class ScheduleDatabase implements AutoCloseable {

    final MutableClock clock = MutableClock.at("2026-01-31T12:00:00Z");
    final JdbcClient jdbc;
    final Schedules schedules;
    final FiringRepository firings;
    private final HikariDataSource pool;

    /**
     * @param parameters more for the JDBC URL, each with its {@code &}
     */
    ScheduleDatabase(TestDatabase database, String parameters) {
        pool = pool(database, parameters);
        new ScheduleSchema(pool, 0).migrate();
        jdbc = JdbcClient.create(pool);
        var transactions = new JdbcTransactionManager(pool);
        firings = new FiringRepository(pool, transactions, new FiringPlanner(Duration.ofSeconds(1)));
        schedules = new Schedules(new ScheduleRepository(pool), firings, transactions, clock);
    }

    static HikariDataSource pool(TestDatabase database, String parameters) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl() + parameters);
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        return pool;
    }

    /** A stored schedule of every ten seconds. */
    StoredSchedule create(String name, UnaryOperator<Schedule.Builder> change) {
        var schedule = change.apply(Schedule.named(name).task("demo.noop").every(Duration.ofSeconds(10)))
                .build();
        return ((Change.Saved) schedules.create(schedule, "ada")).schedule();
    }

    StoredSchedule stored(String name) {
        return schedules.find(name).orElseThrow();
    }

    /** Claims what is due, as a scheduler does for which all goes well. */
    FiringRepository.Claim claim() {
        return firings.claim(clock.instant(), 500, plans -> plans);
    }

    @Override
    public void close() {
        pool.close();
    }
}

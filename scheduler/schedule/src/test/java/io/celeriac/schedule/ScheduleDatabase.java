package io.celeriac.schedule;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.result.TaskState;
import io.celeriac.schedule.Claimer.Claim;
import io.celeriac.testkit.MutableClock;
import io.celeriac.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated database and what works on it, at a clock of the test's. */
final class ScheduleDatabase implements AutoCloseable {

    private static final ScheduleProperties SETTINGS = new ScheduleProperties(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(7),
            Duration.ofMinutes(1),
            Duration.ofDays(30),
            0);

    final MutableClock clock = MutableClock.at("2026-01-31T12:00:00Z");
    final JdbcClient jdbc;
    final Schedules schedules;
    final FiringRequests requests;
    final Claimer claimer;
    final FiringRepository firings;

    /** What is known of tasks, by id: nothing, unless a test puts it there. */
    final Map<String, TaskState> states = new ConcurrentHashMap<>();

    /** What this program sends and does not write down. */
    final SentTasks sent = new SentTasks();

    /** Whether all that was sent is among the states. */
    volatile boolean resultsAreUpToDate = true;

    final LabelIndexer labels;
    final HistoryJanitor janitor;
    private final HikariDataSource pool;

    /**
     * @param parameters more for the JDBC URL, each with its {@code &}
     */
    ScheduleDatabase(TestDatabase database, String parameters) {
        pool = pool(database, parameters);
        new ScheduleSchema(pool, 0).migrate();
        jdbc = JdbcClient.create(pool);
        var transactions = new JdbcTransactionManager(pool);
        firings = new FiringRepository(pool);
        var runs = new UnfinishedFiringRepository(pool);
        var stored = new ScheduleRepository(pool);
        var requested = new RequestRepository(pool);
        claimer = new Claimer(
                firings,
                runs,
                requested,
                new KnownTasks(this::states, sent, (queue, asked, now) -> resultsAreUpToDate),
                SETTINGS,
                transactions);
        labels = new LabelIndexer(new LabelRepository(pool), transactions);
        schedules = new Schedules(stored, firings, runs, transactions, clock);
        requests = new FiringRequests(stored, requested, transactions, clock);
        janitor = new HistoryJanitor(firings, requested, SETTINGS.keepHistory(), clock);
    }

    private Map<String, TaskState> states(Collection<String> ids) {
        var known = new HashMap<>(states);
        known.keySet().retainAll(ids);
        return known;
    }

    void inTransaction(Runnable work) {
        new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult(status -> work.run());
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
        return ((ScheduleChange.Saved) schedules.create(schedule, "ada")).schedule();
    }

    StoredSchedule stored(String name) {
        return schedules.find(name).orElseThrow();
    }

    /** Claims until nothing is due any more, as a scheduler does for which all goes well. */
    Claim claim() {
        var all = new Claim(0, 0);
        for (var claim = claimOnce(); claim.claimed() > 0; claim = claimOnce()) {
            all = all.and(claim);
        }
        return all;
    }

    private Claim claimOnce() {
        return claimer.claim(Instant.EPOCH, clock.instant(), 500, plans -> plans);
    }

    Optional<Instant> nextDue() {
        return claimer.nextDue().earliest();
    }

    @Override
    public void close() {
        pool.close();
    }
}

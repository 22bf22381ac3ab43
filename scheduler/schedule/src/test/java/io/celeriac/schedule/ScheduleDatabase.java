package io.celeriac.schedule;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.task.TaskState;
import io.celeriac.schedule.backfill.FiringRequestClaimer;
import io.celeriac.schedule.backfill.FiringRequestRepository;
import io.celeriac.schedule.backfill.FiringRequests;
import io.celeriac.schedule.due.DueFirings;
import io.celeriac.schedule.due.DueRepository;
import io.celeriac.schedule.firing.BatchTransaction;
import io.celeriac.schedule.firing.Claim;
import io.celeriac.schedule.firing.ClaimRepository;
import io.celeriac.schedule.firing.Claimer;
import io.celeriac.schedule.firing.KnownTasks;
import io.celeriac.schedule.firing.SentTasks;
import io.celeriac.schedule.firing.UnfinishedFirings;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.history.UnfinishedFiringRepository;
import io.celeriac.schedule.retention.HistoryJanitor;
import io.celeriac.schedule.store.LabelIndexer;
import io.celeriac.schedule.store.LabelRepository;
import io.celeriac.schedule.store.ScheduleChange;
import io.celeriac.schedule.store.ScheduleRepository;
import io.celeriac.schedule.store.Schedules;
import io.celeriac.schedule.table.ScheduleSchema;
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
public final class ScheduleDatabase implements AutoCloseable {

    private static final ScheduleProperties SETTINGS = new ScheduleProperties(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofDays(7),
            Duration.ofMinutes(1),
            Duration.ofDays(30),
            0);

    public final MutableClock clock = MutableClock.at("2026-01-31T12:00:00Z");
    public final JdbcClient jdbc;
    public final Schedules schedules;
    public final FiringRequests requests;
    public final Claimer claimer;
    public final FiringRequestClaimer requestClaimer;
    public final FiringRepository firings;
    private final DueFirings due;

    /** What is known of tasks, by id: nothing, unless a test puts it there. */
    public final Map<String, TaskState> states = new ConcurrentHashMap<>();

    /** What this program sends and does not write down. */
    public final SentTasks sent = new SentTasks();

    /** Whether all that was sent is among the states. */
    public volatile boolean resultsAreUpToDate = true;

    public final LabelIndexer labels;
    public final HistoryJanitor janitor;
    private final HikariDataSource pool;

    /**
     * @param parameters more for the JDBC URL, each with its {@code &}
     */
    public ScheduleDatabase(TestDatabase database, String parameters) {
        pool = pool(database, parameters);
        new ScheduleSchema(pool, 0).migrate();
        jdbc = JdbcClient.create(pool);
        var transactions = new JdbcTransactionManager(pool);
        firings = new FiringRepository(pool);
        var unfinished = new UnfinishedFiringRepository(pool);
        var stored = new ScheduleRepository(pool);
        var requested = new FiringRequestRepository(pool);
        var known = new KnownTasks(this::states, sent, (queue, asked, now) -> resultsAreUpToDate);
        var batches = new BatchTransaction(transactions);
        var unfinishedFirings = new UnfinishedFirings(unfinished, known.states(), SETTINGS);
        claimer = new Claimer(new ClaimRepository(pool), firings, unfinishedFirings, known, SETTINGS, batches);
        requestClaimer = new FiringRequestClaimer(requested, stored, firings, unfinishedFirings, known, batches);
        due = new DueFirings(new DueRepository(pool), claimer, requestClaimer);
        labels = new LabelIndexer(new LabelRepository(pool), transactions);
        schedules = new Schedules(stored, firings, unfinished, transactions, clock);
        requests = new FiringRequests(stored, requested, transactions, clock);
        janitor = new HistoryJanitor(firings, requested, SETTINGS.keepHistory(), clock);
    }

    private Map<String, TaskState> states(Collection<String> ids) {
        var known = new HashMap<>(states);
        known.keySet().retainAll(ids);
        return known;
    }

    public void inTransaction(Runnable work) {
        new TransactionTemplate(new JdbcTransactionManager(pool)).executeWithoutResult(status -> work.run());
    }

    public static HikariDataSource pool(TestDatabase database, String parameters) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(database.jdbcUrl() + parameters);
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        return pool;
    }

    /** A stored schedule of every ten seconds. */
    public StoredSchedule create(String name, UnaryOperator<Schedule.Builder> change) {
        var schedule = change.apply(Schedule.named(name).task("demo.noop").every(Duration.ofSeconds(10)))
                .build();
        return ((ScheduleChange.Saved) schedules.create(schedule, "ada")).schedule();
    }

    public StoredSchedule stored(String name) {
        return schedules.find(name).orElseThrow();
    }

    /** Claims until nothing is due any more, as a scheduler does for which all goes well. */
    public Claim claim() {
        var all = new Claim(0, 0);
        for (var claim = claimOnce(); claim.claimed() > 0; claim = claimOnce()) {
            all = all.and(claim);
        }
        return all;
    }

    private Claim claimOnce() {
        return claimer.claim(Instant.EPOCH, clock.instant(), 500, plans -> plans);
    }

    public Optional<Instant> nextDue() {
        return due.next().earliest();
    }

    @Override
    public void close() {
        pool.close();
    }
}

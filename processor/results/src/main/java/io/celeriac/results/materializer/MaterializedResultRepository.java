package io.celeriac.results.materializer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Comparator.comparing;

import io.celeriac.results.count.CountChanges;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.results.table.ArgumentValue;
import io.celeriac.results.table.Label;
import io.celeriac.results.table.ResultTables;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes results to the tables, together with the offsets that were reached. Each method is one transaction, and safe to repeat.
 * {@link ResultColumns} says which field goes into which column, and {@link Upsert} makes the SQL.
 *
 * <p>There are two kinds of failure. A {@link RefusedRowException} is the fault of a row: the others can be written without it.
 * Everything else is the fault of the database, and concerns all rows alike: try again.
 */
public final class MaterializedResultRepository {

    /** The column with the number of the transaction that created the row. */
    private static final String FIRST_WRITE = "first_write";

    private static final List<String> RESULT_COLUMNS = Stream.concat(
                    ResultColumns.names(ResultColumns.RESULT).stream(), Stream.of(FIRST_WRITE))
            .toList();
    private static final String UPSERT_RESULT =
            Upsert.byRowRule("task_result", List.of("id", FIRST_WRITE), RESULT_COLUMNS);
    private static final String INSERT_PENDING = Upsert.ifAbsent("task_result", "id", RESULT_COLUMNS);
    private static final String UPSERT_ATTEMPT =
            Upsert.byRowRule("task_attempt", List.of("task_id", "attempt"), ResultColumns.names(ResultColumns.ATTEMPT));
    private static final String UPSERT_LABEL =
            "INSERT INTO task_label (task_id, name, value, submitted_at) VALUES (?, ?, ?, ?)"
                    + " ON DUPLICATE KEY UPDATE value = VALUES(value)";
    private static final String UPSERT_ARGUMENT =
            "INSERT INTO task_argument (task_id, name, value, submitted_at) VALUES (?, ?, ?, ?)"
                    + " ON DUPLICATE KEY UPDATE value = VALUES(value)";
    private final PositionRepository positions;
    private final JdbcTemplate emptying;
    private final ManyRowsRepository rows;
    private final CountedRowRepository counted;
    private final ResultTables tables;
    private final List<ArgumentPath> indexedArguments;
    private final RandomGenerator firstWrites = new SecureRandom();
    private final WrittenIds written = new WrittenIds();

    /**
     * @param tables checked before each transaction: they may not be there yet
     */
    public MaterializedResultRepository(DataSource database, ResultTables tables) {
        this(database, tables, Set.of());
    }

    /**
     * @param tables checked before each transaction: they may not be there yet
     * @param indexedArguments paths of the arguments by which tasks are found
     */
    public MaterializedResultRepository(DataSource database, ResultTables tables, Set<ArgumentPath> indexedArguments) {
        this.tables = tables;
        this.indexedArguments = List.copyOf(indexedArguments);
        emptying = new JdbcTemplate(database);
        positions = new PositionRepository(database, tables);
        rows = new ManyRowsRepository(positions.jdbc());
        counted = new CountedRowRepository(positions.jdbc());
    }

    /**
     * Writes the changed rows by the row rule, and the new offsets.
     *
     * @param changes in the order of the topic; for each row, only the change that prevails goes to the database
     * @throws RefusedRowException when one of the rows cannot be written, and repeating does not help
     * @throws MovedPositionException when the stored offsets are not those from which the advances start
     * @throws DataAccessException when the database is unavailable, or refuses for a reason of its own: try again
     */
    public void write(List<ResultChange> changes, Collection<OffsetAdvance> advances) {
        var inForce = inForce(changes, MaterializedResultRepository::id, MaterializedResultRepository::latest);
        var firstWrite = firstWrites.nextLong();
        var results = rows(results(firstWrite), () -> inForce);
        var attempts = rows(
                ResultColumns.ATTEMPT,
                () -> inForce(
                        changes.stream()
                                .filter(change -> change.result().attempt() > 0)
                                .toList(),
                        change -> id(change) + "/" + change.result().attempt(),
                        MaterializedResultRepository::latest));
        var labels = labels(changes);
        var arguments = arguments(changes);
        positions.advance(advances, () -> {
            var comparison = PositionRepository.computed(() -> counted.compare(inForce));
            rows.write(UPSERT_RESULT, results);
            rows.write(UPSERT_LABEL, labels);
            rows.write(UPSERT_ARGUMENT, arguments);
            rows.write(UPSERT_ATTEMPT, attempts);
            counted.addCreated(comparison.unseen(), firstWrite, comparison.counts());
            count(comparison.counts());
        });
        written.add(inForce.stream().map(MaterializedResultRepository::id).toList());
    }

    /**
     * Adds rows for tasks that have none yet, and writes the new offsets. Existing rows stay as they are; those that this program has just
     * written are not even asked for.
     *
     * @throws RuntimeException as {@link #write}
     */
    public void addPending(List<ResultChange> all, Collection<OffsetAdvance> advances) {
        var changes =
                all.stream().filter(change -> !written.contains(id(change))).toList();
        var firstWrite = firstWrites.nextLong();
        var accepted = inForce(changes, MaterializedResultRepository::id, MaterializedResultRepository::first);
        var results = rows(results(firstWrite), () -> accepted);
        var labels = labels(changes);
        var arguments = arguments(changes);
        positions.advance(advances, () -> {
            rows.write(INSERT_PENDING, results);
            rows.write(UPSERT_LABEL, labels);
            rows.write(UPSERT_ARGUMENT, arguments);
            var counts = new CountChanges();
            counted.addCreated(accepted, firstWrite, counts);
            count(counts);
        });
    }

    /** To be done last, so that counters stay locked for a moment only. */
    private void count(CountChanges counts) {
        rows.write(CountChanges.MINUTES, counts.minutes(slot()));
        rows.write(CountChanges.HOURS, counts.hours(slot()));
        rows.write(CountChanges.FAILURE_MINUTES, counts.failureMinutes(slot()));
        rows.write(CountChanges.FAILURE_HOURS, counts.failureHours(slot()));
    }

    private static List<Column<ResultChange>> results(long firstWrite) {
        var columns = new ArrayList<>(ResultColumns.RESULT);
        columns.add(new Column<>(FIRST_WRITE, change -> firstWrite));
        return columns;
    }

    /**
     * Deletes the stored offsets and empties the tables. Programs that write meanwhile notice at their next transaction.
     *
     * <p>A program that dies in the middle may leave the tables empty and the offsets in place, so that nobody fills the tables again.
     * Then repeat it.
     */
    public void empty() {
        tables.require();
        written.clear();
        var withoutGaps = new TransactionTemplate(positions.transactions());
        withoutGaps.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        var elsewhere =
                new TransactionTemplate(positions.transactions()); // TRUNCATE commits the transaction of its connection
        elsewhere.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        withoutGaps.executeWithoutResult(status -> {
            // Its locks keep writers out until the end. At this isolation level that includes writers of partitions
            // that have no row yet.
            emptying.update("DELETE FROM materialized_offset");
            elsewhere.executeWithoutResult(other -> {
                for (var table : List.of(
                        "task_result",
                        "task_attempt",
                        "task_label",
                        "task_argument",
                        "task_count",
                        "task_count_hour",
                        "failure_count",
                        "failure_count_hour",
                        "workflow",
                        "workflow_node")) {
                    emptying.execute("TRUNCATE TABLE " + table);
                }
            });
        });
    }

    /**
     * The stored positions of these partitions; none for a partition that has none.
     *
     * @throws DataAccessException when the database is unavailable: try again
     */
    public Map<TopicPartition, Position> positions(Collection<TopicPartition> partitions) {
        return positions.positions(partitions);
    }

    /** Each consumer is a thread, and adds to a slot of its own while there are enough. */
    private static int slot() {
        return (int) (Thread.currentThread().getId() % CountChanges.SLOTS);
    }

    private static ResultChange latest(ResultChange old, ResultChange next) {
        return next.replaces(old) ? next : old;
    }

    /** A second record of an accepted task is a duplicate. */
    private static ResultChange first(ResultChange old, ResultChange next) {
        return old;
    }

    private static String id(ResultChange change) {
        return change.result().id();
    }

    /** One change for each row, sorted by the row's key, so that two transactions lock their common rows in the same order. */
    private static List<ResultChange> inForce(
            List<ResultChange> changes, Function<ResultChange, String> row, BinaryOperator<ResultChange> which) {
        var chosen = new HashMap<String, ResultChange>();
        changes.forEach(change -> chosen.merge(row.apply(change), change, which));
        var sorted = new ArrayList<>(chosen.values());
        sorted.sort(comparing(row));
        return sorted;
    }

    private static List<Object[]> rows(List<Column<ResultChange>> columns, Supplier<List<ResultChange>> changes) {
        return PositionRepository.computed(() -> changes.get().stream()
                .map(change -> columns.stream()
                        .map(column -> column.value().apply(change))
                        .toArray())
                .toList());
    }

    /** The labels of every run among the changes: each run has rows of its own. */
    private static List<Object[]> labels(List<ResultChange> changes) {
        return PositionRepository.computed(() -> changes.stream()
                .flatMap(ResultColumns::labels)
                .sorted(comparing(Label::taskId).thenComparing(Label::name).thenComparing(Label::submittedAt))
                .distinct()
                .map(label -> new Object[] {
                    label.taskId(), Label.compared(label.name()), Label.compared(label.value()), label.submittedAt()
                })
                .toList());
    }

    /** The indexed arguments of every run among the changes. */
    private List<Object[]> arguments(List<ResultChange> changes) {
        if (indexedArguments.isEmpty()) {
            return List.of();
        }
        return PositionRepository.computed(() -> changes.stream()
                .sorted(comparing(MaterializedResultRepository::id).thenComparing(ResultChange::submittedAt))
                .flatMap(change -> indexedArguments.stream()
                        .flatMap(path -> path.of(change.result()).stream().map(value -> new Object[] {
                            id(change),
                            path.toString().getBytes(UTF_8),
                            ArgumentValue.compared(value),
                            change.submittedAt()
                        })))
                .toList());
    }
}

package io.celeriac.results.view;

import io.celeriac.results.materializer.ResultColumns;
import io.celeriac.results.table.ResultTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table {@code saved_view}.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable.
 */
public final class ViewRepository {

    private static final String SELECT =
            "SELECT owner, name, title, q, version, changed_by, changed_at FROM saved_view ";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final LongSupplier firstVersions;

    /**
     * @param tables proof that the tables are there
     * @param firstVersions each above 0; none comes twice, so that a view that is made anew does not pass for the one before it
     */
    @SuppressWarnings("unused")
    public ViewRepository(DataSource database, ResultTables tables, LongSupplier firstVersions) {
        this.firstVersions = firstVersions;
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED); // without locks on gaps
    }

    /** What became of a change. */
    public enum Outcome {
        /** There was none of this name. */
        CREATED,
        /** There was one, and it was replaced or deleted. */
        CHANGED,
        /** There is none of this name. */
        MISSING,
        /** The condition did not hold. */
        REFUSED,
        /** The owner has as many views as there may be. */
        TOO_MANY
    }

    /** The views of a caller and the shared ones, by name. */
    public List<SavedView> of(String owner) {
        return jdbc.sql(SELECT + "WHERE owner IN ('', :owner) ORDER BY name, owner")
                .param("owner", owner)
                .query((row, number) -> view(row))
                .list();
    }

    /** The view of exactly this owner. */
    public Optional<SavedView> find(String owner, String name) {
        return jdbc.sql(SELECT + "WHERE owner = :owner AND name = :name")
                .param("owner", owner)
                .param("name", name)
                .query((row, number) -> view(row))
                .optional();
    }

    /**
     * Creates or replaces a view.
     *
     * @param view its version does not matter
     * @param condition on the version that is there; 0 when there is none
     * @param most views of one owner
     */
    public Outcome put(SavedView view, LongPredicate condition, int most) {
        try {
            return transaction.execute(status -> putLocked(view, condition, most));
        } catch (DuplicateKeyException e) { // another has created it at this moment
            return transaction.execute(status -> putLocked(view, condition, most));
        }
    }

    private Outcome putLocked(SavedView view, LongPredicate condition, int most) {
        var version = locked(view.owner(), view.name());
        if (!condition.test(version)) {
            return Outcome.REFUSED;
        }
        if (version == 0 && count(view.owner()) >= most) {
            return Outcome.TOO_MANY;
        }
        var sql = version == 0
                ? "INSERT INTO saved_view (title, q, version, changed_by, changed_at, owner, name)"
                        + " VALUES (:title, :q, :version, :by, :at, :owner, :name)"
                : "UPDATE saved_view SET title = :title, q = :q, version = :version, changed_by = :by, changed_at = :at"
                        + " WHERE owner = :owner AND name = :name";
        jdbc.sql(sql)
                .param("title", view.title())
                .param("q", view.q())
                .param("version", version == 0 ? firstVersions.getAsLong() : version + 1)
                .param("by", view.changedBy())
                .param("at", ResultColumns.utc(view.changedAt()))
                .param("owner", view.owner())
                .param("name", view.name())
                .update();
        return version == 0 ? Outcome.CREATED : Outcome.CHANGED;
    }

    /** Deletes a view, under a condition as in {@link #put}. */
    public Outcome delete(String owner, String name, LongPredicate condition) {
        return transaction.execute(status -> {
            var version = locked(owner, name);
            if (!condition.test(version)) {
                return Outcome.REFUSED;
            }
            if (version == 0) {
                return Outcome.MISSING;
            }
            jdbc.sql("DELETE FROM saved_view WHERE owner = :owner AND name = :name")
                    .param("owner", owner)
                    .param("name", name)
                    .update();
            return Outcome.CHANGED;
        });
    }

    private long locked(String owner, String name) {
        return jdbc.sql("SELECT version FROM saved_view WHERE owner = :owner AND name = :name FOR UPDATE")
                .param("owner", owner)
                .param("name", name)
                .query(Long.class)
                .optional()
                .orElse(0L);
    }

    private long count(String owner) {
        return jdbc.sql("SELECT COUNT(*) FROM saved_view WHERE owner = :owner")
                .param("owner", owner)
                .query(Long.class)
                .single();
    }

    private static SavedView view(ResultSet row) throws SQLException {
        return new SavedView(
                row.getString("owner"),
                row.getString("name"),
                row.getString("title"),
                row.getString("q"),
                row.getLong("version"),
                row.getString("changed_by"),
                row.getObject("changed_at", LocalDateTime.class).toInstant(ZoneOffset.UTC));
    }
}

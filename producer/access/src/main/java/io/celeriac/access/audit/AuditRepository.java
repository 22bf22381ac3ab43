package io.celeriac.access.audit;

import static io.celeriac.access.table.ColumnRepository.at;
import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.table.AccessTables;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The tables {@code access_audit} and {@code access_audit_end}. */
final class AuditRepository implements AuditStore {

    private static final String COLUMNS =
            "seq, at, who, kind, action, target, source, status, detail, previous, hash FROM access_audit ";
    private static final int VERIFIED_AT_ONCE = 1_000;
    private static final String LAST = "last";
    private static final String DELETED = "deleted";

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final TransactionOperations transactions;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    AuditRepository(DataSource database, AccessTables tables, TransactionOperations transactions) {
        jdbc = JdbcClient.create(database);
        batches = new JdbcTemplate(database);
        this.transactions = transactions;
    }

    /** One end of the chain. */
    private record End(long seq, byte[] hash) {}

    /**
     * What verification found.
     *
     * @param rows that were checked
     * @param breaks how many rows were changed, or come after ones that were deleted
     * @param brokenAt number of the first row that was changed, or comes after one that was deleted; null when none was
     * @param lastHash of the last row, in hexadecimal: compare it with one that you keep elsewhere
     */
    record Verified(long rows, long breaks, @Nullable Long brokenAt, long lastSeq, byte[] lastHash) {}

    /**
     * Which rows to list, the latest first.
     *
     * @param before only rows with a lower number; null for all
     */
    record Query(
            @Nullable String who,
            @Nullable String target,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable Long before,
            int limit) {

        /** The same for the next page. */
        Query before(long seq) {
            return new Query(who, target, from, to, seq, limit);
        }
    }

    /** Adds entries to the end of the chain. Gateways that do so at the same time wait for each other, for one insert. */
    @Override
    public void append(List<AuditEntry> entries) {
        transactions.executeWithoutResult(status -> {
            var last = end(LAST, true);
            var rows = new ArrayList<AuditRow>();
            for (var entry : entries) {
                var row = AuditRow.after(last.seq(), last.hash(), entry);
                rows.add(row);
                last = new End(row.seq(), row.hash());
            }
            batches.batchUpdate(
                    "INSERT INTO access_audit (seq, at, who, kind, action, target, source, status, detail, previous, hash)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    rows,
                    rows.size(),
                    (statement, row) -> {
                        var entry = row.entry();
                        var column = 1;
                        statement.setLong(column++, row.seq());
                        statement.setObject(column++, utc(entry.at()));
                        statement.setString(column++, entry.who());
                        statement.setString(column++, entry.kind());
                        statement.setString(column++, entry.action());
                        statement.setString(column++, entry.target());
                        statement.setString(column++, entry.source());
                        statement.setInt(column++, entry.status());
                        statement.setString(column++, entry.detail());
                        statement.setBytes(column++, row.previous());
                        statement.setBytes(column, row.hash());
                    });
            setEnd(LAST, last);
        });
    }

    List<AuditRow> list(Query query) {
        var conditions = new ArrayList<String>();
        var values = new LinkedHashMap<String, Object>();
        condition(conditions, values, "who = :who", "who", query.who());
        condition(conditions, values, "target = :target", "target", query.target());
        condition(conditions, values, "at >= :from", "from", utc(query.from()));
        condition(conditions, values, "at < :to", "to", utc(query.to()));
        condition(conditions, values, "seq < :before", "before", query.before());
        var where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions) + " ";
        return jdbc.sql("SELECT " + COLUMNS + where + "ORDER BY seq DESC LIMIT " + query.limit())
                .params(values)
                .query((row, number) -> read(row))
                .list();
    }

    private static void condition(
            List<String> conditions,
            Map<String, Object> values,
            String condition,
            String name,
            @Nullable Object value) {
        if (value != null) {
            conditions.add(condition);
            values.put(name, value);
        }
    }

    /** Walks the chain from its oldest row to its end, also past a break: one change must not hide the next. */
    Verified verify() {
        var at = end(DELETED, false);
        var rows = 0L;
        var breaks = 0L;
        Long brokenAt = null;
        while (true) {
            var page = jdbc.sql("SELECT " + COLUMNS + "WHERE seq > :seq ORDER BY seq LIMIT " + VERIFIED_AT_ONCE)
                    .param("seq", at.seq())
                    .query((row, number) -> read(row))
                    .list();
            for (var row : page) {
                if (!row.follows(at.seq(), at.hash())) {
                    breaks++;
                    brokenAt = brokenAt == null ? Long.valueOf(row.seq()) : brokenAt;
                }
                at = new End(row.seq(), row.hash());
            }
            rows += page.size();
            if (page.size() < VERIFIED_AT_ONCE) {
                return ended(new Verified(rows, breaks, brokenAt, at.seq(), at.hash()));
            }
        }
    }

    /** The end of the chain is noted beside it, so that rows that were cut off at the end are missed. */
    private Verified ended(Verified found) {
        var next = found.lastSeq() + 1;
        var isCut = end(LAST, false).seq() >= next && exists(next).isEmpty(); // otherwise, rows were added meanwhile
        if (!isCut) {
            return found;
        }
        var brokenAt = found.brokenAt() == null ? Long.valueOf(next) : found.brokenAt();
        return new Verified(found.rows(), found.breaks() + 1, brokenAt, found.lastSeq(), found.lastHash());
    }

    private Optional<Long> exists(long seq) {
        return jdbc.sql("SELECT seq FROM access_audit WHERE seq = :seq")
                .param("seq", seq)
                .query(Long.class)
                .optional();
    }

    @Override
    public int deleteBefore(Instant then, int most) {
        return Objects.requireNonNull(transactions.execute(status -> {
            var deleted = end(DELETED, true);
            var rows = jdbc.sql("SELECT " + COLUMNS + "WHERE seq > :seq ORDER BY seq LIMIT " + most)
                    .param("seq", deleted.seq())
                    .query((row, number) -> read(row))
                    .list();
            var last = deleted;
            for (var row : rows) {
                if (!row.entry().at().isBefore(then)) {
                    break;
                }
                last = new End(row.seq(), row.hash());
            }
            if (last.seq() == deleted.seq()) {
                return 0;
            }
            jdbc.sql("DELETE FROM access_audit WHERE seq <= :seq")
                    .param("seq", last.seq())
                    .update();
            setEnd(DELETED, last);
            return (int) (last.seq() - deleted.seq());
        }));
    }

    private End end(String name, boolean locked) {
        return jdbc.sql("SELECT seq, hash FROM access_audit_end WHERE name = :name" + (locked ? " FOR UPDATE" : ""))
                .param("name", name)
                .query((row, number) -> new End(row.getLong("seq"), row.getBytes("hash")))
                .single();
    }

    private void setEnd(String name, End end) {
        jdbc.sql("UPDATE access_audit_end SET seq = :seq, hash = :hash WHERE name = :name")
                .param("seq", end.seq())
                .param("hash", end.hash())
                .param("name", name)
                .update();
    }

    private static AuditRow read(ResultSet row) throws SQLException {
        return new AuditRow(
                row.getLong("seq"),
                new AuditEntry(
                        at(row, "at"),
                        row.getString("who"),
                        row.getString("kind"),
                        row.getString("action"),
                        row.getString("target"),
                        row.getString("source"),
                        row.getInt("status"),
                        row.getString("detail")),
                row.getBytes("previous"),
                row.getBytes("hash"));
    }
}

package io.celeriac.client.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.TaskJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.common.utils.Utils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.StringUtils;

/** The tables {@code task_outbox} and {@code task_outbox_shard} in the database of a service. */
final class OutboxRepository {

    /** Shards of a new outbox. */
    static final int SHARDS = 4;

    /** Bytes of a batch, beyond its first row. */
    private static final long BATCH_BYTES = 8 << 20;

    private static final String INSERT =
            "INSERT INTO task_outbox (shard, topic, record_key, payload, headers, task_id, created_at)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)";

    private static final int REASON = 1_000;
    private static final int METRICS_SECONDS = 2;

    private final DataSource database;
    private final JdbcTemplate template;
    private final JdbcClient jdbc;
    private final JdbcClient hurried;
    private final TransactionTemplate transaction;

    OutboxRepository(DataSource database) {
        this.database = database;
        template = new JdbcTemplate(database);
        jdbc = JdbcClient.create(template);
        var impatient = new JdbcTemplate(database);
        impatient.setQueryTimeout(METRICS_SECONDS);
        hurried = JdbcClient.create(impatient);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
    }

    /**
     * A shard in the hands of a relay.
     *
     * @param outbox id of the outbox, a UUID
     */
    record Shard(int shard, String outbox) {}

    /**
     * Rows that are sent in one Kafka transaction.
     *
     * @param number grows by one with each batch of a shard
     */
    record Batch(long number, List<OutboxRow> rows) {}

    /** Creates the tables if they are missing. */
    void createTables() {
        var script =
                new ClassPathResource("celeriac-outbox/" + dialect() + ".sql", OutboxRepository.class.getClassLoader());
        new ResourceDatabasePopulator(script).execute(database);
    }

    private String dialect() {
        try {
            var product =
                    JdbcUtils.<String>extractDatabaseMetaData(database, metadata -> metadata.getDatabaseProductName());
            return "PostgreSQL".equals(product) ? "postgresql" : "mysql";
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("the outbox's database does not say what it is: " + e.getMessage(), e);
        }
    }

    /** The shards, which are made when there are none yet. */
    List<Integer> shards() {
        var known = known();
        if (!known.isEmpty()) {
            return known;
        }
        try {
            transaction.executeWithoutResult(status -> {
                var outbox = UUID.randomUUID().toString();
                for (int shard = 0; shard < SHARDS; shard++) {
                    jdbc.sql("INSERT INTO task_outbox_shard (shard, outbox, leased_until, batch, members)"
                                    + " VALUES (?, ?, 0, 0, '')")
                            .params(shard, outbox)
                            .update();
                }
            });
        } catch (DuplicateKeyException e) { // another process has made them at this moment
            return known();
        }
        return known();
    }

    private List<Integer> known() {
        return jdbc.sql("SELECT shard FROM task_outbox_shard ORDER BY shard")
                .query(Integer.class)
                .list();
    }

    /** Stores tasks in their order, in the transaction of the calling thread if there is one. */
    void insert(List<TaskSender.Prepared> tasks, int shards, long now) {
        var rows = tasks.stream().map(task -> columns(task, shards, now)).toList();
        if (TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.hasResource(database)) {
            insert(rows);
        } else { // a pool may give out connections that do not commit by themselves
            transaction.executeWithoutResult(status -> insert(rows));
        }
    }

    private void insert(List<Object[]> rows) {
        if (rows.size() == 1) { // as a batch it would take the driver two more round trips
            template.update(INSERT, rows.get(0));
        } else {
            template.batchUpdate(INSERT, rows);
        }
    }

    private static Object[] columns(TaskSender.Prepared task, int shards, long now) {
        var record = task.record();
        var headers = new HashMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return new Object[] {
            Utils.toPositive(Utils.murmur2(record.key())) % shards,
            record.topic(),
            record.key(),
            record.value(),
            new String(TaskJson.bytes(headers), UTF_8),
            task.task().id(),
            now
        };
    }

    /** Leases a shard that is free, or renews the lease. Empty when it is another's. */
    Optional<Shard> claim(int shard, String owner, long now, long until) {
        return Objects.requireNonNull(transaction.execute(status -> claimed(shard, owner, now, until)));
    }

    private Optional<Shard> claimed(int shard, String owner, long now, long until) {
        var claimed = jdbc.sql("UPDATE task_outbox_shard SET owner = ?, leased_until = ?"
                        + " WHERE shard = ? AND (owner = ? OR owner IS NULL OR leased_until < ?)")
                .params(owner, until, shard, owner, now)
                .update();
        return claimed == 0
                ? Optional.empty()
                : jdbc.sql("SELECT shard, outbox FROM task_outbox_shard WHERE shard = ?")
                        .param(shard)
                        .query(Shard.class)
                        .optional();
    }

    /** Gives a shard back. */
    void release(int shard, String owner) {
        transaction.executeWithoutResult(status -> jdbc.sql(
                        "UPDATE task_outbox_shard SET owner = NULL, leased_until = 0 WHERE shard = ? AND owner = ?")
                .params(shard, owner)
                .update());
    }

    /**
     * The rows to send next: those of the last batch if it was not sent, or a new batch. The rows of the last batch are deleted if it was
     * sent.
     *
     * @param sent number of the last batch that was sent; 0 for none
     * @param held topics whose rows wait
     * @return empty when there is nothing to send, or the shard is another's now
     */
    Optional<Batch> next(int shard, String owner, long sent, int limit, Set<String> held) {
        return Objects.requireNonNull(transaction.execute(status -> noted(shard, owner)
                .flatMap(last -> {
                    var unsent = last.number() > sent ? rows(last.members()) : List.<OutboxRow>of();
                    if (!unsent.isEmpty()) { // unless somebody has deleted them
                        return Optional.of(new Batch(last.number(), unsent));
                    }
                    delete(last.members());
                    var fresh = fresh(shard, limit, held);
                    var batch = new Noted(fresh.isEmpty() ? last.number() : Math.max(last.number(), sent) + 1, fresh);
                    if (!batch.equals(last)) {
                        note(shard, batch);
                    }
                    return fresh.isEmpty() ? Optional.empty() : Optional.of(new Batch(batch.number(), rows(fresh)));
                })));
    }

    /** Deletes the rows of a shard's last batch if it was sent. Nothing happens when the shard is another's now. */
    void deleteSent(int shard, String owner, long sent) {
        transaction.executeWithoutResult(status -> noted(shard, owner)
                .filter(last -> !last.members().isEmpty() && last.number() <= sent)
                .ifPresent(last -> {
                    delete(last.members());
                    note(shard, new Noted(last.number(), List.of()));
                }));
    }

    /**
     * What the row of a shard says of its last batch.
     *
     * @param members ids of its rows, in order; empty when they are deleted
     */
    private record Noted(long number, List<Long> members) {}

    private Optional<Noted> noted(int shard, String owner) {
        return jdbc.sql("SELECT batch, members FROM task_outbox_shard WHERE shard = ? AND owner = ? FOR UPDATE")
                .params(shard, owner)
                .query((row, number) -> new Noted(row.getLong("batch"), ids(row.getString("members"))))
                .optional();
    }

    private void note(int shard, Noted batch) {
        jdbc.sql("UPDATE task_outbox_shard SET batch = ?, members = ? WHERE shard = ?")
                .params(
                        batch.number(),
                        batch.members().stream().map(String::valueOf).collect(Collectors.joining(",")),
                        shard)
                .update();
    }

    private static List<Long> ids(String members) {
        return StringUtils.commaDelimitedListToSet(members).stream()
                .map(Long::valueOf)
                .toList();
    }

    private record Size(long id, long bytes) {}

    private List<Long> fresh(int shard, int limit, Set<String> held) {
        var sizes = jdbc.sql("SELECT id, OCTET_LENGTH(payload) AS bytes FROM task_outbox"
                        + " WHERE shard = :shard AND refused IS NULL"
                        + (held.isEmpty() ? "" : " AND topic NOT IN (:held)") + " ORDER BY id LIMIT :most")
                .param("shard", shard)
                .param("most", limit)
                .param("held", held)
                .query(Size.class)
                .list();
        var ids = new ArrayList<Long>();
        var bytes = 0L;
        for (var size : sizes) {
            bytes += size.bytes();
            if (!ids.isEmpty() && bytes > BATCH_BYTES) {
                break;
            }
            ids.add(size.id());
        }
        return ids;
    }

    private List<OutboxRow> rows(List<Long> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return jdbc.sql("SELECT id, topic, record_key, payload, headers, task_id FROM task_outbox WHERE id IN (:ids)"
                        + " ORDER BY id")
                .param("ids", ids)
                .query((row, number) -> row(row))
                .list();
    }

    private static OutboxRow row(ResultSet row) throws SQLException {
        var headers = new HashMap<String, String>();
        TaskJson.parse(row.getString("headers").getBytes(UTF_8))
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString("")));
        return new OutboxRow(
                row.getLong("id"),
                row.getString("topic"),
                row.getBytes("record_key"),
                row.getBytes("payload"),
                Map.copyOf(headers),
                row.getString("task_id"));
    }

    /** The rows that wait to be sent. */
    Backlog backlog() {
        var rows = hurried.sql(
                        "SELECT COUNT(*) FROM (SELECT id FROM task_outbox WHERE refused IS NULL ORDER BY id LIMIT "
                                + Backlog.MOST + ") waiting")
                .query(Long.class)
                .single();
        var oldest = hurried.sql("SELECT created_at FROM task_outbox WHERE refused IS NULL ORDER BY id LIMIT 1")
                .query(Long.class)
                .optional();
        return new Backlog(rows, oldest.map(Instant::ofEpochMilli).orElse(null));
    }

    private void delete(List<Long> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql("DELETE FROM task_outbox WHERE id IN (:ids)")
                    .param("ids", ids)
                    .update();
        }
    }

    /**
     * Takes rows out of the last batch, which has not been sent.
     *
     * @return whether that was done; otherwise the shard is another's now
     */
    boolean putBack(int shard, String owner, Set<Long> ids) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            var last = noted(shard, owner);
            last.ifPresent(batch -> note(shard, without(batch, ids)));
            return last.isPresent();
        }));
    }

    private static Noted without(Noted batch, Set<Long> ids) {
        return new Noted(
                batch.number(),
                batch.members().stream().filter(id -> !ids.contains(id)).toList());
    }

    /** Sets a row of the last batch aside that cannot be sent, with the reason. Nothing happens when the shard is another's now. */
    void refuse(int shard, String owner, long id, String reason) {
        transaction.executeWithoutResult(status -> noted(shard, owner).ifPresent(last -> {
            note(shard, without(last, Set.of(id)));
            jdbc.sql("UPDATE task_outbox SET refused = ? WHERE id = ?")
                    .params(reason.length() > REASON ? reason.substring(0, REASON) : reason, id)
                    .update();
        }));
    }
}

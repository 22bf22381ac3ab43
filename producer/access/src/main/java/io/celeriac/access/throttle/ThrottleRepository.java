package io.celeriac.access.throttle;

import static io.celeriac.access.table.ColumnRepository.at;
import static io.celeriac.access.table.ColumnRepository.instant;
import static io.celeriac.access.table.ColumnRepository.utc;

import io.celeriac.access.table.AccessTables;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code access_throttle}. */
final class ThrottleRepository {

    private static final int DELETED_AT_ONCE = 1_000;

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    ThrottleRepository(DataSource database, AccessTables tables) {
        jdbc = JdbcClient.create(database);
    }

    /**
     * @param failures in a row
     * @param blockedUntil null when it is not blocked
     * @param changedAt the latest failure
     */
    record Failures(int failures, @Nullable Instant blockedUntil, Instant changedAt) {}

    /** The latest end of the blocks of any of these subjects; empty when none is blocked. */
    Optional<Instant> blockedUntil(Collection<String> subjects, Instant now) {
        return jdbc
                .sql("SELECT blocked_until FROM access_throttle WHERE subject IN (:subjects) AND blocked_until > :now"
                        + " ORDER BY blocked_until DESC LIMIT 1")
                .param("subjects", List.copyOf(subjects))
                .param("now", utc(now))
                .query((row, number) -> at(row, "blocked_until"))
                .list()
                .stream()
                .findFirst();
    }

    /** The failures of a subject, locked until the transaction ends. */
    Failures locked(String subject, Instant now) {
        jdbc.sql("INSERT INTO access_throttle (subject, failures, changed_at) VALUES (:subject, 0, :now)"
                        + " ON DUPLICATE KEY UPDATE subject = subject")
                .param("subject", subject)
                .param("now", utc(now))
                .update();
        return jdbc.sql(
                        "SELECT failures, blocked_until, changed_at FROM access_throttle WHERE subject = :subject FOR UPDATE")
                .param("subject", subject)
                .query((row, number) -> {
                    var changed = instant(row, "changed_at");
                    return new Failures(
                            row.getInt("failures"), instant(row, "blocked_until"), changed == null ? now : changed);
                })
                .single();
    }

    void store(String subject, Failures failures) {
        jdbc.sql("UPDATE access_throttle SET failures = :failures, blocked_until = :until, changed_at = :changed"
                        + " WHERE subject = :subject")
                .param("failures", failures.failures())
                .param("until", utc(failures.blockedUntil()))
                .param("changed", utc(failures.changedAt()))
                .param("subject", subject)
                .update();
    }

    /** Takes one failure back, and the block that it began. */
    void takeOneBack(String subject, int free) {
        jdbc.sql(
                        "UPDATE access_throttle SET blocked_until = CASE WHEN failures <= :free THEN NULL ELSE blocked_until END,"
                                + " failures = GREATEST(failures - 1, 0) WHERE subject = :subject")
                .param("free", free)
                .param("subject", subject)
                .update();
    }

    void forget(String subject) {
        jdbc.sql("DELETE FROM access_throttle WHERE subject = :subject")
                .param("subject", subject)
                .update();
    }

    /** Deletes some subjects without a failure since then. */
    void forgetBefore(Instant then) {
        jdbc.sql("DELETE FROM access_throttle WHERE changed_at < :then LIMIT " + DELETED_AT_ONCE)
                .param("then", utc(then))
                .update();
    }
}

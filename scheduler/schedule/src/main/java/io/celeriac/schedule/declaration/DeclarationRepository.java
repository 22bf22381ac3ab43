package io.celeriac.schedule.declaration;

import io.celeriac.contract.TaskJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.node.ObjectNode;

/** The rows of {@code schedule_declared} and {@code schedule_declaration_offset}, one statement a method. */
class DeclarationRepository {

    private static final String NEXT = "SELECT next_offset FROM schedule_declaration_offset WHERE topic_id = :topic";

    private final JdbcClient jdbc;

    DeclarationRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
    }

    /** The offset of the first record that is not applied; empty if none is. */
    Optional<Long> nextOffset(String topicId) {
        return jdbc.sql(NEXT).param("topic", topicId).query(Long.class).optional();
    }

    /** As {@link #nextOffset}, or 0. Locks the offset until the transaction ends, so that no other scheduler applies a record. */
    long lockOffset(String topicId) {
        jdbc.sql("""
                        INSERT INTO schedule_declaration_offset (topic_id, next_offset) VALUES (:topic, 0)
                        ON DUPLICATE KEY UPDATE next_offset = next_offset""").param("topic", topicId).update();
        return jdbc.sql(NEXT + " FOR UPDATE")
                .param("topic", topicId)
                .query(Long.class)
                .single();
    }

    void setOffset(String topicId, long next) {
        jdbc.sql("UPDATE schedule_declaration_offset SET next_offset = :next WHERE topic_id = :topic")
                .param("next", next)
                .param("topic", topicId)
                .update();
    }

    /** Everything that a source declares, by name. */
    Map<String, Remembered> ofSource(String source) {
        var all = new TreeMap<String, Remembered>();
        jdbc.sql("SELECT name, schedule_id, declared, applied, remark FROM schedule_declared WHERE source = :source")
                .param("source", source)
                .query(row -> {
                    all.put(
                            row.getString("name"),
                            new Remembered(
                                    row.getString("schedule_id"),
                                    json(row.getString("declared")),
                                    json(row.getString("applied")),
                                    row.getString("remark")));
                });
        return all;
    }

    private static @Nullable ObjectNode json(@Nullable String text) {
        return text == null ? null : (ObjectNode) TaskJson.MAPPER.readTree(text);
    }

    void save(String source, String name, Remembered remembered) {
        jdbc.sql("""
                        INSERT INTO schedule_declared (source, name, schedule_id, declared, applied, remark)
                        VALUES (:source, :name, :schedule_id, :declared, :applied, :remark)
                        ON DUPLICATE KEY UPDATE schedule_id = VALUES(schedule_id), declared = VALUES(declared),
                          applied = VALUES(applied), remark = VALUES(remark)""")
                .param("source", source)
                .param("name", name)
                .param("schedule_id", remembered.scheduleId())
                .param("declared", text(remembered.declared()))
                .param("applied", text(remembered.applied()))
                .param("remark", remembered.remark())
                .update();
    }

    private static @Nullable String text(@Nullable ObjectNode json) {
        return json == null ? null : json.toString();
    }

    void forget(String source, String name) {
        jdbc.sql("DELETE FROM schedule_declared WHERE source = :source AND name = :name")
                .param("source", source)
                .param("name", name)
                .update();
    }

    /** The declarations of these schedules, by id or by name, in the order of the sources. */
    List<DeclaredSchedule> of(Collection<String> scheduleIds, Collection<String> names) {
        return jdbc.sql("""
                        SELECT source, name, schedule_id, remark FROM schedule_declared WHERE schedule_id IN (:ids)
                        UNION SELECT source, name, schedule_id, remark FROM schedule_declared WHERE name IN (:names)
                        ORDER BY source, name""")
                .param("ids", scheduleIds)
                .param("names", names)
                .query((row, number) -> line(row))
                .list();
    }

    /**
     * Declared schedules in the order of sources and names, after {@code after}.
     *
     * @param source null for all
     * @param remarked whether to return only those with a remark
     */
    List<DeclaredSchedule> list(@Nullable String source, boolean remarked, DeclarationCursor after, int limit) {
        return jdbc.sql("SELECT source, name, schedule_id, remark FROM schedule_declared WHERE "
                        + "source >= :after_source AND (source > :after_source OR name > :after_name)"
                        + (source == null ? "" : " AND source = :source")
                        + (remarked ? " AND remark IS NOT NULL" : "")
                        + " ORDER BY source, name LIMIT :limit")
                .param("source", source)
                .param("after_source", after.source())
                .param("after_name", after.name())
                .param("limit", limit)
                .query((row, number) -> line(row))
                .list();
    }

    private static DeclaredSchedule line(ResultSet row) throws SQLException {
        return new DeclaredSchedule(
                row.getString("source"), row.getString("name"), row.getString("schedule_id"), row.getString("remark"));
    }

    /** Makes a schedule belong to no other source. */
    void takeOver(String source, String scheduleId) {
        jdbc.sql("UPDATE schedule_declared SET schedule_id = NULL WHERE schedule_id = :id AND source <> :source")
                .param("id", scheduleId)
                .param("source", source)
                .update();
    }
}

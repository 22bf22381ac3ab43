package io.celeriac.schedule.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** The rows of table {@code schedule_label}, an index of schedules by their labels. */
public class LabelRepository {

    private static final Logger LOG = LoggerFactory.getLogger(LabelRepository.class);
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    public LabelRepository(DataSource database) {
        jdbc = JdbcClient.create(database);
        batches = new JdbcTemplate(database);
    }

    /** The value of the column {@code label} for a label. */
    static byte[] hash(String name, String value) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((name.length() + ":").getBytes(UTF_8));
            digest.update(name.getBytes(UTF_8));
            return digest.digest(value.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Replaces the labels of a schedule. */
    void replace(String id, String name, Map<String, String> labels) {
        jdbc.sql("DELETE FROM schedule_label WHERE schedule_id = :id")
                .param("id", id)
                .update();
        add(id, name, labels);
    }

    /** Adds the labels of a new schedule. */
    void add(String id, String name, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            batches.batchUpdate(
                    "INSERT INTO schedule_label (label, schedule_name, schedule_id) VALUES (?, ?, ?)",
                    labels.entrySet().stream()
                            .map(label -> new Object[] {hash(label.getKey(), label.getValue()), name, id})
                            .toList());
        }
    }

    /** Ids of schedules that were written by SQL, in order, after one of them. */
    List<String> stale(String after, int limit) {
        return jdbc.sql("SELECT id FROM schedule WHERE labels_stale = TRUE AND id > :after ORDER BY id LIMIT :limit")
                .param("after", after)
                .param("limit", limit)
                .query(String.class)
                .list();
    }

    /** Replaces the labels of these schedules, except locked ones. Unreadable labels count as none. */
    boolean refresh(List<String> ids) {
        var stale = jdbc.sql("SELECT id, name, labels FROM schedule WHERE id IN (:ids) AND labels_stale = TRUE"
                        + " FOR UPDATE SKIP LOCKED")
                .param("ids", ids)
                .query((row, number) -> new Stale(row.getString("id"), row.getString("name"), row.getString("labels")))
                .list();
        stale.forEach(row -> replace(row.id, row.name, row.labels()));
        if (!stale.isEmpty()) {
            jdbc.sql("UPDATE schedule SET labelled = CASE WHEN labels = '{}' THEN NULL"
                            + " ELSE SHA2(CONCAT(name, ' ', labels), 256) END WHERE id IN (:ids)")
                    .param("ids", stale.stream().map(Stale::id).toList())
                    .update();
        }
        return !stale.isEmpty();
    }

    private record Stale(String id, String name, String json) {

        Map<String, String> labels() {
            try {
                var labels = TaskJson.MAPPER.<@Nullable Map<String, String>>readValue(json, LABELS);
                return labels == null || labels.containsValue(null) ? Map.of() : labels;
            } catch (JacksonException e) {
                LOG.debug("The labels of schedule {} cannot be read", name, e);
                return Map.of();
            }
        }
    }
}

package io.celeriac.results.action;

import io.celeriac.results.table.ResultTables;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Knows which tasks run again, and who makes them do so. The id of the new task follows from the run that has ended, and the table
 * {@code task_rerun} gives each such id to one item of one action.
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable.
 */
public final class RerunRepository {

    private static final String CLAIM = "INSERT INTO task_rerun (new_id, action_id, item, claimed_at)"
            + " VALUES (?, ?, ?, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE item = task_rerun.item";
    private static final String TAKE_OVER =
            "UPDATE task_rerun JOIN task_action ON task_action.id = task_rerun.action_id"
                    + " LEFT JOIN task_action_item ON task_action_item.action_id = task_rerun.action_id"
                    + " AND task_action_item.item = task_rerun.item"
                    + " SET task_rerun.action_id = ?, task_rerun.item = ?"
                    + " WHERE task_rerun.new_id = ? AND (task_action_item.outcome IN ('REFUSED', 'FAILED')"
                    + " OR (task_action.state = 'ABORTED' AND task_action_item.outcome IS NULL))";

    private final JdbcTemplate template;
    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public RerunRepository(DataSource database, ResultTables tables) {
        template = new JdbcTemplate(database);
        jdbc = JdbcClient.create(template);
    }

    /**
     * Who may send a new task.
     *
     * @param action id of the action
     * @param item of the action
     */
    public record Claim(String action, String item) {}

    /**
     * Claims new tasks for the items of an action, unless others have them. Safe to repeat. A claim passes to the next action when its
     * item was refused or has failed, or when its action was aborted before the outcome of the item was known.
     *
     * @param newIds ids of the new tasks, by item
     * @return the claims that hold now, by the ids of the new tasks
     */
    public Map<String, Claim> claim(String action, Map<String, String> newIds) {
        if (newIds.isEmpty()) {
            return Map.of();
        }
        var inOrder = newIds.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .toList(); // two actions wait, and do not lock up
        template.batchUpdate(
                CLAIM,
                inOrder.stream()
                        .map(item -> new Object[] {item.getValue(), action, item.getKey()})
                        .toList());
        var claims = claims(newIds.values());
        var others = inOrder.stream()
                .filter(item -> !action.equals(actionOf(claims, item.getValue())))
                .map(item -> new Object[] {action, item.getKey(), item.getValue()})
                .toList();
        if (others.isEmpty()) {
            return claims;
        }
        template.batchUpdate(TAKE_OVER, others);
        return claims(newIds.values());
    }

    private static String actionOf(Map<String, Claim> claims, String newId) {
        var claim = claims.get(newId);
        return claim == null ? "" : claim.action();
    }

    private Map<String, Claim> claims(Collection<String> newIds) {
        var found = new HashMap<String, Claim>();
        jdbc.sql("SELECT new_id, action_id, item FROM task_rerun WHERE new_id IN (:ids)")
                .param("ids", new HashSet<>(newIds))
                .query((RowCallbackHandler) row -> found.put(
                        row.getString("new_id"), new Claim(row.getString("action_id"), row.getString("item"))));
        return found;
    }

    /** The tasks that repeat these ones, as far as the tables have them: by the old id, the new ones. */
    public Map<String, Set<String>> of(Collection<String> tasks) {
        var found = new HashMap<String, Set<String>>();
        if (!tasks.isEmpty()) {
            jdbc.sql("SELECT retry_of, id FROM task_result WHERE retry_of IN (:tasks)")
                    .param("tasks", tasks)
                    .query((RowCallbackHandler)
                            row -> found.computeIfAbsent(row.getString("retry_of"), task -> new TreeSet<>())
                                    .add(row.getString("id")));
        }
        return found;
    }
}

package io.celeriac.results.workflow;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.results.materializer.ResultColumns;
import io.celeriac.results.outline.NodeOutline;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.TextSql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Reads workflows from the tables. The tables are a moment behind the topics, so "not found" may also mean "not yet".
 *
 * <p>All methods throw {@link org.springframework.dao.DataAccessException} when the database is unavailable, and
 * {@link org.springframework.dao.QueryTimeoutException} after ten seconds.
 */
public final class WorkflowRepository {

    private static final Logger LOG = LoggerFactory.getLogger(WorkflowRepository.class);

    /** Time limit of a query. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String WORKFLOW =
            "id, name, queue, labels, state, run, revision, tasks, ended, failed, revoked, under_way,"
                    + " error_type, error_message, submitted_at, finished_at";
    private static final String NODE =
            "workflow, path, kind, name, state, run, revision, children, ended, failed, is_open,"
                    + " error_type, error_message, started_at, finished_at";
    private static final String TASK =
            "id, task, queue, state, attempt, reason, error_type, error_message, started_at, finished_at";
    /** Each run of a workflow is a row among those of its tasks. */
    private static final String NOT_A_RUN = " AND queue <> :workflows";

    private static final int ASKED_AT_ONCE = 1_000;
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private final JdbcClient jdbc;

    /**
     * @param tables proof that the tables are there
     */
    @SuppressWarnings("unused")
    public WorkflowRepository(DataSource database, ResultTables tables) {
        var template = new JdbcTemplate(database);
        template.setQueryTimeout((int) PATIENCE.toSeconds());
        jdbc = JdbcClient.create(template);
    }

    /** A workflow's latest known state. */
    public Optional<WorkflowState> find(String id) {
        return jdbc
                .sql("SELECT " + WORKFLOW + " FROM workflow WHERE " + TextSql.exactly("id", ":id"))
                .param("id", id)
                .query((row, number) -> workflow(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * A page of workflows, newest submission first.
     *
     * @param after the last one of the page before; null for the first page
     */
    public WorkflowPage list(WorkflowFilter filter, @Nullable TaskCursor after, int limit) {
        var conditions = new ArrayList<String>();
        var values = new HashMap<String, Object>();
        if (!filter.states().isEmpty()) {
            conditions.add("state IN (:states)");
            values.put("states", filter.states().stream().map(Enum::name).toList());
        }
        if (filter.name() != null) {
            conditions.add(TextSql.exactly("name", ":name"));
            values.put("name", filter.name());
        }
        if (filter.queues() != null) {
            var orDefault = filter.queues().contains(TaskRules.DEFAULT_QUEUE) ? " OR queue IS NULL" : "";
            conditions.add("(" + TextSql.anyOf("queue", "queue", filter.queues(), values) + orDefault + ")");
        }
        if (filter.from() != null) {
            conditions.add("submitted_at >= :from");
            values.put("from", ResultColumns.utc(filter.from()));
        }
        if (filter.to() != null) {
            conditions.add("submitted_at < :to");
            values.put("to", ResultColumns.utc(filter.to()));
        }
        if (after != null) {
            conditions.add("submitted_at <= :at AND (submitted_at < :at OR id < :id)");
            values.put("at", after.submittedAt());
            values.put("id", after.id());
        }
        filter.labels().forEach((name, value) -> {
            var parameter = "label" + values.size();
            conditions.add("JSON_CONTAINS(labels, :" + parameter + ")");
            values.put(parameter, TaskJson.MAPPER.writeValueAsString(Map.of(name, value)));
        });
        var places = jdbc.sql("SELECT " + WORKFLOW + " FROM workflow"
                        + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                        + " ORDER BY submitted_at DESC, id DESC LIMIT " + (limit + 1))
                .params(values)
                .query((row, number) -> new Place(
                        new TaskCursor(row.getObject("submitted_at", LocalDateTime.class), row.getString("id")),
                        workflow(row)))
                .list();
        var shown = places.subList(0, Math.min(limit, places.size()));
        return new WorkflowPage(
                shown.stream().map(Place::workflow).flatMap(Optional::stream).toList(),
                places.size() > limit ? shown.get(limit - 1).cursor() : null);
    }

    /** The tree of a workflow; empty when it is not known, or not yet. */
    public Optional<NodeOutline> tree(String id) {
        return jdbc
                .sql("SELECT tree FROM workflow WHERE " + TextSql.exactly("id", ":id"))
                .param("id", id)
                .query((row, number) -> Optional.ofNullable(row.getString("tree")))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .findFirst()
                .map(NodeOutline::read);
    }

    /** The states of inner nodes by their paths; nodes that are not known are absent. */
    public Map<String, NodeState> nodes(String workflow, Collection<String> paths) {
        var nodes = new HashMap<String, NodeState>();
        for (var some : parts(paths)) {
            jdbc.sql("SELECT " + NODE + " FROM workflow_node WHERE workflow = :workflow AND path IN (:paths)")
                    .param("workflow", workflow)
                    .param("paths", some)
                    .query((row, number) -> node(row))
                    .list()
                    .forEach(found -> found.ifPresent(node -> nodes.put(node.node(), node)));
        }
        return nodes;
    }

    /** The inner nodes that have failed, the first that ended before the others: it is at fault. */
    public List<NodeState> failedNodes(String workflow, int most) {
        return jdbc
                .sql("SELECT " + NODE + " FROM workflow_node WHERE workflow = :workflow AND state = 'FAILURE'"
                        + " ORDER BY finished_at, CHAR_LENGTH(path) DESC, path LIMIT " + most)
                .param("workflow", workflow)
                .query((row, number) -> node(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Tasks by their ids; tasks that are not known are absent. */
    public Map<String, NodeTask> tasks(Collection<String> ids) {
        var tasks = new HashMap<String, NodeTask>();
        for (var some : parts(ids)) {
            jdbc.sql("SELECT " + TASK + " FROM task_result WHERE id IN (:ids)")
                    .param("ids", some)
                    .query((row, number) -> task(row))
                    .list()
                    .forEach(found -> found.ifPresent(task -> tasks.put(task.id(), task)));
        }
        return tasks;
    }

    /** The tasks of a workflow that failed, the first that ended before the others. */
    public List<NodeTask> failedTasks(String workflow, int most) {
        return failed(workflow, null, most);
    }

    /** The tasks of a group of a workflow that failed, the first that ended before the others. */
    public List<NodeTask> failedMembers(String workflow, String group, int most) {
        return failed(workflow, group, most);
    }

    /** An index has the failed tasks of a workflow in the order of their end, so that no more are read than are wanted. */
    private List<NodeTask> failed(String workflow, @Nullable String group, int most) {
        return jdbc
                .sql("SELECT " + TASK + " FROM task_result WHERE " + TextSql.exactly("root_id", ":workflow")
                        + (group == null ? "" : " AND " + TextSql.exactly("group_id", ":group"))
                        + " AND state = 'FAILURE'" + NOT_A_RUN + " ORDER BY finished_at, id LIMIT " + most)
                .param("workflow", workflow)
                .param("group", group)
                .param("workflows", Workflow.QUEUE)
                .query((row, number) -> task(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<List<String>> parts(Collection<String> all) {
        var list = List.copyOf(all);
        var parts = new ArrayList<List<String>>();
        for (int first = 0; first < list.size(); first += ASKED_AT_ONCE) {
            parts.add(list.subList(first, Math.min(list.size(), first + ASKED_AT_ONCE)));
        }
        return parts;
    }

    /** A row that cannot be read is left out: a later version may have written it. */
    private static <T> Optional<T> read(ResultSet row, String key, Reader<T> reader) throws SQLException {
        try {
            return reader.read(row);
        } catch (RuntimeException e) {
            LOG.warn("the row of {} cannot be read and is left out", row.getString(key), e);
            return Optional.empty();
        }
    }

    private static Optional<WorkflowState> workflow(ResultSet row) throws SQLException {
        return read(row, "id", one -> {
            var state = word(TaskState.class, one.getString("state"));
            return state.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new WorkflowState(
                            one.getString("id"),
                            one.getString("name"),
                            labels(one.getString("labels")),
                            one.getString("queue"),
                            state.get(),
                            one.getInt("run"),
                            one.getLong("revision"),
                            one.getInt("tasks"),
                            one.getInt("ended"),
                            one.getInt("failed"),
                            one.getInt("revoked"),
                            one.getObject("under_way", Integer.class),
                            error(one),
                            instant(one, "submitted_at"),
                            instant(one, "finished_at")));
        });
    }

    private static Optional<NodeState> node(ResultSet row) throws SQLException {
        return read(row, "workflow", one -> {
            var state = word(TaskState.class, one.getString("state"));
            var kind = word(NodeKind.class, one.getString("kind"));
            return state.isEmpty() || kind.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new NodeState(
                            one.getString("workflow"),
                            one.getString("path"),
                            kind.get(),
                            one.getString("name"),
                            state.get(),
                            one.getInt("run"),
                            one.getLong("revision"),
                            one.getInt("children"),
                            one.getInt("ended"),
                            one.getInt("failed"),
                            one.getBoolean("is_open"),
                            error(one),
                            instant(one, "started_at"),
                            instant(one, "finished_at")));
        });
    }

    private static Optional<NodeTask> task(ResultSet row) throws SQLException {
        return read(row, "id", one -> {
            var state = word(TaskState.class, one.getString("state"));
            return state.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new NodeTask(
                            one.getString("id"),
                            one.getString("task"),
                            one.getString("queue"),
                            state.get(),
                            one.getInt("attempt"),
                            word(RevokeReason.class, one.getString("reason")).orElse(null),
                            error(one),
                            instant(one, "started_at"),
                            instant(one, "finished_at")));
        });
    }

    private static <E extends Enum<E>> Optional<E> word(Class<E> type, @Nullable String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(one -> one.name().equals(word))
                .findFirst();
    }

    private static Map<String, String> labels(@Nullable String json) {
        try {
            return json == null ? Map.of() : TaskJson.MAPPER.readValue(json, TEXTS);
        } catch (JacksonException e) {
            LOG.warn("labels cannot be read: {}", e.getMessage());
            return Map.of();
        }
    }

    private static @Nullable TaskError error(ResultSet row) throws SQLException {
        var type = row.getString("error_type");
        return type == null ? null : new TaskError(type, row.getString("error_message"), null);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var utc = row.getObject(column, LocalDateTime.class);
        return utc == null ? null : utc.toInstant(ZoneOffset.UTC);
    }

    private record Place(TaskCursor cursor, Optional<WorkflowState> workflow) {}

    @FunctionalInterface
    private interface Reader<T> {
        Optional<T> read(ResultSet row) throws SQLException;
    }
}

package io.celeriac.results.materializer;

import static java.util.stream.Collectors.joining;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.results.outline.NodeOutline;
import io.celeriac.results.table.ResultTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Writes the states of workflows and of their nodes to the tables, together with the offsets that were reached. A state replaces another
 * of the same or a lower revision. Each method is one transaction, and safe to repeat.
 */
final class MaterializedWorkflowRepository {

    private static final List<Column<WorkflowChange.OfWorkflow>> WORKFLOW = List.of(
            of("id", WorkflowState::id),
            of("name", WorkflowState::name),
            of("queue", WorkflowState::queue),
            of("labels", state -> labels(state.labels())),
            of("state", state -> state.state().name()),
            of("run", WorkflowState::run),
            of("tasks", WorkflowState::tasks),
            of("ended", WorkflowState::ended),
            of("failed", WorkflowState::failed),
            of("revoked", WorkflowState::revoked),
            of("under_way", WorkflowState::underWay),
            of("error_type", state -> error(state.error(), TaskError::type)),
            of("error_message", state -> error(state.error(), TaskError::message)),
            new Column<>("submitted_at", change -> submitted(change.state().submittedAt(), change.at())),
            of("finished_at", state -> ResultColumns.utcOrNull(state.finishedAt())),
            of("revision", WorkflowState::revision));
    private static final List<Column<NodeState>> NODE = List.of(
            new Column<>("workflow", NodeState::workflow),
            new Column<>("path", NodeState::node),
            new Column<>("kind", state -> state.kind().name()),
            new Column<>("name", NodeState::name),
            new Column<>("state", state -> state.state().name()),
            new Column<>("run", NodeState::run),
            new Column<>("children", NodeState::children),
            new Column<>("ended", NodeState::ended),
            new Column<>("failed", NodeState::failed),
            new Column<>("is_open", NodeState::open),
            new Column<>("error_type", state -> error(state.error(), TaskError::type)),
            new Column<>("error_message", state -> error(state.error(), TaskError::message)),
            new Column<>("started_at", state -> ResultColumns.utcOrNull(state.startedAt())),
            new Column<>("finished_at", state -> ResultColumns.utcOrNull(state.finishedAt())),
            new Column<>("revision", NodeState::revision));

    private static final String UPSERT_WORKFLOW = upsert("workflow", WORKFLOW);
    private static final String UPSERT_NODE = upsert("workflow_node", NODE);
    private static final String UPSERT_TREE = "INSERT INTO workflow (id, name, queue, labels, state, run, tasks, ended,"
            + " failed, revoked, submitted_at, revision, tree) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON DUPLICATE KEY UPDATE tree = VALUES(tree), revision = 0";
    private static final String FORGET_NODES = "UPDATE workflow_node SET revision = 0 WHERE workflow = ?";
    private static final String FORGET_WORKFLOW = "UPDATE workflow SET revision = 0 WHERE id = ?";
    private static final String FORGET_NODE = "UPDATE workflow_node SET revision = 0 WHERE workflow = ? AND path = ?";

    private final PositionRepository positions;
    private final ManyRowsRepository rows;

    MaterializedWorkflowRepository(DataSource database, ResultTables tables) {
        positions = new PositionRepository(database, tables);
        rows = new ManyRowsRepository(positions.jdbc());
    }

    /**
     * Writes the changes and the new offsets.
     *
     * @param changes in the order of the topic
     * @throws RuntimeException as {@link PositionRepository#advance(Collection, Runnable)}
     */
    void write(List<WorkflowChange> changes, Collection<OffsetAdvance> advances) {
        var steps = new ArrayList<Runnable>();
        var states = new ArrayList<WorkflowChange>();
        for (var change : changes) {
            if (change instanceof WorkflowChange.Forgotten forgotten) {
                steps.addAll(writes(states)); // what comes before is forgotten, and what comes after is not
                states.clear();
                steps.add(() -> forget(forgotten));
            } else {
                states.add(change);
            }
        }
        steps.addAll(writes(states));
        positions.advance(advances, () -> steps.forEach(Runnable::run));
    }

    /** One row for each key, sorted by the key, so that two transactions lock their common rows in the same order. */
    private List<Runnable> writes(List<WorkflowChange> changes) {
        var workflows = new TreeMap<String, WorkflowChange.OfWorkflow>();
        var nodes = new TreeMap<String, NodeState>();
        var trees = new TreeMap<String, WorkflowChange.OfTree>();
        for (var change : changes) {
            if (change instanceof WorkflowChange.OfWorkflow workflow) {
                workflows.merge(
                        workflow.workflow(),
                        workflow,
                        (old, next) -> next.state().revision() >= old.state().revision() ? next : old);
            } else if (change instanceof WorkflowChange.OfNode node) {
                nodes.merge(
                        node.state().key(),
                        node.state(),
                        (old, next) -> next.revision() >= old.revision() ? next : old);
            } else if (change instanceof WorkflowChange.OfTree tree) {
                trees.put(tree.workflow(), tree);
            }
        }
        var treeRows = PositionRepository.computed(() ->
                trees.values().stream().map(MaterializedWorkflowRepository::row).toList());
        var workflowRows = rows(WORKFLOW, workflows.values());
        var nodeRows = rows(NODE, nodes.values());
        return List.of(
                () -> begin(trees.keySet(), treeRows),
                () -> rows.write(UPSERT_WORKFLOW, workflowRows),
                () -> rows.write(UPSERT_NODE, nodeRows));
    }

    /** A tree comes once, when its workflow begins. The id may have been that of an earlier workflow, which is forgotten by now. */
    private void begin(Collection<String> workflows, List<Object[]> trees) {
        rows.write(UPSERT_TREE, trees);
        workflows.forEach(workflow -> positions.jdbc().update(FORGET_NODES, workflow));
    }

    private void forget(WorkflowChange.Forgotten forgotten) {
        if (forgotten.node() == null) {
            positions.jdbc().update(FORGET_WORKFLOW, forgotten.workflow());
        } else {
            positions.jdbc().update(FORGET_NODE, forgotten.workflow(), forgotten.node());
        }
    }

    private static Object[] row(WorkflowChange.OfTree change) {
        Workflow tree = change.tree();
        return new @Nullable Object[] {
            tree.id(),
            tree.name() == null ? Workflow.NO_NAME : tree.name(),
            tree.queue(),
            labels(tree.labels()),
            TaskState.PENDING.name(),
            0,
            0,
            0,
            0,
            0,
            submitted(tree.submittedAt(), change.at()),
            0,
            NodeOutline.of(tree.root()).json()
        };
    }

    private static <T> List<Object[]> rows(List<Column<T>> columns, Collection<T> changes) {
        return PositionRepository.computed(() -> changes.stream()
                .map(change -> columns.stream()
                        .map(column -> column.value().apply(change))
                        .toArray())
                .toList());
    }

    /**
     * The columns are assigned from left to right, and the condition sees what was assigned before. So its column, the revision, comes
     * last.
     */
    private static <T> String upsert(String table, List<Column<T>> columns) {
        var names = columns.stream().map(Column::name).toList();
        return "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES ("
                + Stream.generate(() -> "?").limit(names.size()).collect(joining(", "))
                + ") ON DUPLICATE KEY UPDATE "
                + names.stream()
                        .map(name -> name + " = IF(VALUES(revision) >= revision, VALUES(" + name + "), " + name + ")")
                        .collect(joining(", "));
    }

    private static Column<WorkflowChange.OfWorkflow> of(String name, Function<WorkflowState, @Nullable Object> value) {
        return new Column<>(name, change -> value.apply(change.state()));
    }

    private static @Nullable Object error(@Nullable TaskError error, Function<TaskError, @Nullable Object> part) {
        return error == null ? null : part.apply(error);
    }

    private static @Nullable String labels(Map<String, String> labels) {
        return labels.isEmpty() ? null : TaskJson.MAPPER.writeValueAsString(labels);
    }

    private static Object submitted(@Nullable Instant submittedAt, Instant at) {
        return ResultColumns.utc(submittedAt == null ? at : submittedAt);
    }
}

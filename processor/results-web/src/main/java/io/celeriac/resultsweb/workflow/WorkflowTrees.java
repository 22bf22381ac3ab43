package io.celeriac.resultsweb.workflow;

import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.results.outline.NodeOutline;
import io.celeriac.results.workflow.NodeTask;
import io.celeriac.results.workflow.WorkflowRepository;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts trees together: the shape from the submission, the states of inner nodes from the coordinator, and those of tasks from their
 * results, which are found by their ids. A tree is read level by level. Its size is bounded: a group with many members is a summary.
 */
public final class WorkflowTrees {

    /** Most members of a group that a tree shows one by one. */
    public static final int MOST_MEMBERS = 24;

    /** Most steps of a chain that a tree shows. */
    private static final int MOST_STEPS = 100;

    /** Most nodes of a tree. */
    private static final int MOST_NODES = 500;

    private static final int FIRST_FAILED = 5;

    private final WorkflowRepository workflows;

    WorkflowTrees(WorkflowRepository workflows) {
        this.workflows = workflows;
    }

    /**
     * @param outline of the node; null for one that came later, as a member of an open group
     */
    private record Place(String path, @Nullable NodeOutline outline) {

        Place child(int index) {
            return new Place(
                    NodePath.child(path, index),
                    outline == null ? null : outline.child(index).orElse(null));
        }
    }

    /** A node and its children, each with those that are shown below it. */
    public Optional<NodeView> tree(WorkflowState workflow, String path) {
        return find(workflow, path).map(root -> {
            var levels = new ArrayList<Map<Place, NodeView>>();
            levels.add(views(workflow, List.of(root)));
            var left = MOST_NODES - 1;
            while (!levels.get(levels.size() - 1).isEmpty()) {
                var next = new ArrayList<Place>();
                for (var level : levels.get(levels.size() - 1).entrySet()) {
                    var shown = Math.min(shown(level.getValue()), left - next.size());
                    IntStream.range(0, shown).mapToObj(level.getKey()::child).forEach(next::add);
                }
                left -= next.size();
                levels.add(views(workflow, next));
            }
            return joined(workflow, levels);
        });
    }

    /** Hangs each level below the one above, from the deepest upwards. */
    private NodeView joined(WorkflowState workflow, List<Map<Place, NodeView>> levels) {
        var below = new HashMap<String, List<NodeView>>();
        NodeView top = null;
        for (var at = levels.size() - 1; at >= 0; at--) {
            var above = new HashMap<String, List<NodeView>>();
            for (var node : levels.get(at).values()) {
                var nodes = below.getOrDefault(node.path(), List.of());
                top = withChildren(workflow, node, nodes);
                above.computeIfAbsent(String.valueOf(NodePath.parent(node.path())), parent -> new ArrayList<>())
                        .add(top);
            }
            below = above;
        }
        if (top == null) {
            throw new IllegalStateException("a tree has a root");
        }
        return top;
    }

    private NodeView withChildren(WorkflowState workflow, NodeView node, List<NodeView> nodes) {
        var children = node.children() == null ? 0 : node.children();
        var more = children - nodes.size();
        var hasFailed = node.failed() != null && node.failed() > 0;
        return node.with(nodes, more, more > 0 && hasFailed ? firstFailed(workflow, node) : List.of());
    }

    private static int shown(NodeView node) {
        var children = node.children() == null ? 0 : node.children();
        if (node.kind().isGroup()) {
            return children > MOST_MEMBERS ? 0 : children;
        }
        return Math.min(children, MOST_STEPS);
    }

    /**
     * A node and some of its children, without what is below these.
     *
     * @param from index of the first child
     */
    Optional<NodeView> node(WorkflowState workflow, String path, int from, int limit) {
        return find(workflow, path).map(place -> {
            var node = views(workflow, List.of(place)).values().iterator().next();
            var children = node.children() == null ? 0 : node.children();
            var last = (int) Math.min(children, (long) from + limit);
            var places = IntStream.range(Math.min(from, last), last)
                    .mapToObj(place::child)
                    .toList();
            var nodes = List.copyOf(views(workflow, places).values());
            return withChildren(workflow, node, nodes);
        });
    }

    /** Empty for a path that the workflow does not have. */
    private Optional<Place> find(WorkflowState workflow, String path) {
        var tree = workflows.tree(workflow.id());
        var submitted = tree.flatMap(root -> root.at(path));
        if (submitted.isPresent() || path.equals(NodePath.ROOT)) {
            return Optional.of(new Place(path, submitted.orElse(null)));
        }
        return workflows.nodes(workflow.id(), List.of(path)).containsKey(path)
                ? Optional.of(new Place(path, null))
                : Optional.empty();
    }

    private List<NodeTask> firstFailed(WorkflowState workflow, NodeView node) {
        if (node.path().equals(NodePath.ROOT)) {
            return workflows.failedTasks(workflow.id(), FIRST_FAILED);
        }
        return node.kind().isGroup()
                ? workflows.failedMembers(workflow.id(), WorkflowIds.ofNode(workflow.id(), node.path()), FIRST_FAILED)
                : List.of();
    }

    private Map<Place, NodeView> views(WorkflowState workflow, List<Place> places) {
        var views = new LinkedHashMap<Place, NodeView>();
        if (places.isEmpty()) {
            return views;
        }
        var states = workflows.nodes(
                workflow.id(),
                places.stream()
                        .filter(place -> !isSubmittedTask(place))
                        .map(Place::path)
                        .toList());
        var tasks = tasks(
                workflow,
                places.stream()
                        .map(Place::path)
                        .filter(path -> !states.containsKey(path))
                        .toList());
        for (var place : places) {
            var state = states.get(place.path());
            var isTask = isSubmittedTask(place)
                    || (place.outline() == null
                            && state == null
                            && !place.path().equals(NodePath.ROOT));
            views.put(place, isTask ? task(workflow, place, tasks.get(place.path())) : inner(workflow, place, state));
        }
        return views;
    }

    private static boolean isSubmittedTask(Place place) {
        return place.outline() != null && place.outline().kind() == NodeKind.TASK;
    }

    /** The tasks of nodes in their latest run. What succeeded is not run again, so it may be of an earlier run than the workflow's. */
    private Map<String, NodeTask> tasks(WorkflowState workflow, List<String> paths) {
        var found = new HashMap<String, NodeTask>();
        var missing = new ArrayList<>(paths);
        for (var run = workflow.run(); run >= 0 && !missing.isEmpty(); run--) {
            var ids = new HashMap<String, String>();
            for (var path : missing) {
                ids.put(WorkflowIds.ofTask(workflow.id(), path, run), path);
            }
            workflows.tasks(ids.keySet()).forEach((id, task) -> found.put(ids.getOrDefault(id, ""), task));
            missing.removeAll(found.keySet());
        }
        return found;
    }

    private static NodeView task(WorkflowState workflow, Place place, @Nullable NodeTask task) {
        var outline = place.outline();
        return new NodeView(
                place.path(),
                NodeKind.TASK,
                outline == null ? null : outline.name(),
                task != null ? task.task() : outline == null ? null : outline.task(),
                task == null ? null : task.id(),
                task != null ? task.queue() : outline == null ? null : outline.queue(),
                task != null ? task.state() : notKnown(workflow),
                task == null || task.attempt() == 0 ? null : task.attempt(),
                task == null ? null : task.reason(),
                null,
                null,
                null,
                false,
                null,
                task == null ? null : task.error(),
                task == null ? null : task.startedAt(),
                task == null ? null : task.finishedAt(),
                outline == null ? List.of() : outline.onSuccess(),
                outline == null ? List.of() : outline.onFailure(),
                List.of(),
                List.of(),
                0);
    }

    private static NodeView inner(WorkflowState workflow, Place place, @Nullable NodeState state) {
        var outline = place.outline();
        var kind = state != null ? state.kind() : outline != null ? outline.kind() : NodeKind.GROUP;
        var isRoot = place.path().equals(NodePath.ROOT);
        return new NodeView(
                place.path(),
                kind,
                outline != null ? outline.name() : state == null ? null : state.name(),
                outline == null ? null : outline.task(),
                kind.isGroup() ? WorkflowIds.ofNode(workflow.id(), place.path()) : null,
                null,
                state != null ? state.state() : isRoot ? workflow.state() : notKnown(workflow),
                null,
                null,
                Math.max(outline == null ? 0 : outline.children(), state == null ? 0 : state.children()),
                state == null ? 0 : state.ended(),
                state == null ? 0 : state.failed(),
                state != null ? state.open() : outline != null && outline.open(),
                outline == null ? null : outline.concurrency(),
                state == null ? null : state.error(),
                state == null ? null : state.startedAt(),
                state == null ? null : state.finishedAt(),
                outline == null ? List.of() : outline.onSuccess(),
                outline == null ? List.of() : outline.onFailure(),
                List.of(),
                List.of(),
                0);
    }

    /** Nothing was told of it yet; once the workflow has ended, nothing will be. */
    private static @Nullable TaskState notKnown(WorkflowState workflow) {
        return workflow.state().isFinal() ? null : TaskState.PENDING;
    }
}

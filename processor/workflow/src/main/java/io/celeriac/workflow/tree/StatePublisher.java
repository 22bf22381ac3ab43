package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.TaskState;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Publishes what readers see of workflows: states, and the results under the ids of their runs. Belongs to one thread. */
final class StatePublisher {

    /** What the value of a result may need more in the record than by itself. */
    private static final int RESULT_MARGIN = 1024;

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final Values values;
    private final int maxTaskBytes;
    private final Map<String, Set<String>> changed =
            new LinkedHashMap<>(); // paths by workflow, since the last publication

    StatePublisher(WorkflowStore store, WorkflowOutlet outlet, Values values, int maxTaskBytes) {
        this.store = store;
        this.outlet = outlet;
        this.values = values;
        this.maxTaskBytes = maxTaskBytes;
    }

    /** Remembers that counts of a node have changed. */
    void note(String id, String path) {
        changed.computeIfAbsent(id, key -> new LinkedHashSet<>()).add(path);
    }

    /** Publishes the counts that have changed. */
    void publishChanges() {
        List.copyOf(changed.keySet()).forEach(this::publishChanges);
    }

    /** Publishes the counts of a workflow that have changed. */
    void publishChanges(String id) {
        var paths = changed.remove(id);
        var workflow = store.workflow(id);
        if (paths == null || workflow == null || store.node(id, NodePath.ROOT) == null) {
            return;
        }
        publishCounts(workflow.published());
        for (var path : paths) {
            if (store.node(id, path) != null) {
                outlet.publish(Records.state(values.workflow(id), path, values.node(id, path)));
            }
        }
    }

    /** After its end, a workflow's counts still change while the last tasks end; its result does not. */
    private void publishCounts(StoredWorkflow workflow) {
        store.put(workflow);
        outlet.publish(Records.state(workflow));
        if (!workflow.state().isFinal()) {
            outlet.publish(Records.result(workflow, null));
        }
    }

    /** Publishes a state with its counts, and the same as a result. */
    void publish(String id) {
        var workflow = values.workflow(id).published();
        store.put(workflow);
        outlet.publish(Records.state(workflow));
        var result = Records.result(workflow, null);
        if (workflow.state() == TaskState.SUCCESS) {
            var room = maxTaskBytes - RESULT_MARGIN - TaskJson.bytes(result).length;
            result = Records.result(workflow, Records.shown(values.value(id, NodePath.ROOT, room), id, room));
        }
        outlet.publish(result);
    }

    /** Publishes a node with its counts. */
    void publish(String id, String path) {
        var workflow = values.workflow(id).published();
        store.put(workflow);
        outlet.publish(Records.state(workflow, path, values.node(id, path)));
        var left = changed.get(id);
        if (left != null && left.remove(path) && left.isEmpty()) {
            changed.remove(id);
        }
    }
}

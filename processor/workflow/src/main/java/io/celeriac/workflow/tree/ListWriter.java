package io.celeriac.workflow.tree;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.workflow.tree.WorkflowStore.Job;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes the lists of results that are too large for the record of a task, part by part. Belongs to one thread. */
final class ListWriter {

    /** Bytes of a part, beyond its first result. */
    private static final int PART_BYTES = 256 * 1024;

    private final WorkflowStore store;
    private final WorkflowOutlet outlet;
    private final InstantSource clock;
    private final Values values;
    private final WorkBudget budget;

    ListWriter(WorkflowStore store, WorkflowOutlet outlet, InstantSource clock, Values values, WorkBudget budget) {
        this.store = store;
        this.outlet = outlet;
        this.clock = clock;
        this.values = values;
        this.budget = budget;
    }

    /** Goes on with the list of a group that has succeeded; returns whether it is complete. */
    boolean work(String id, String path) {
        var group = store.node(id, path);
        if (group == null) {
            return true; // its workflow was deleted
        }
        var list = Objects.requireNonNullElseGet(
                store.list(id, path), () -> new StoredList(0, 0, clock.instant(), false, group.children() == 0));
        var enough = budget.afterShare();
        budget.spend(1);
        while (!list.complete()) {
            if (budget.left() <= enough) {
                return false;
            }
            var part = part(id, path, group, list);
            if (part.values.isEmpty()) {
                store.put(Job.soon(Job.Kind.WRITE_LIST, id, Objects.requireNonNull(part.missing, path)));
                return false;
            }
            list = written(id, path, group, list, part);
        }
        return true;
    }

    /**
     * Results that go into one record.
     *
     * @param missing path of a group whose own list must be written first; null for none
     */
    private record Part(
            ArrayList<JsonNode> values,
            boolean secret,
            int bytes,
            @Nullable String missing) {}

    private Part part(String id, String path, StoredNode group, StoredList list) {
        var results = new ArrayList<JsonNode>();
        var secret = list.secret();
        int bytes = 0;
        for (int i = list.members(); i < group.children(); i++) {
            var value = values.member(id, path, group, i);
            if (value.json() == null) {
                return new Part(results, secret, bytes, value.group());
            }
            var size = TaskJson.bytes(value.json()).length + 1;
            if (!results.isEmpty() && bytes + size > PART_BYTES) {
                break;
            }
            results.add(value.json());
            secret |= value.secret();
            bytes += size;
        }
        return new Part(results, secret, bytes, null);
    }

    private StoredList written(String id, String path, StoredNode group, StoredList list, Part part) {
        var members = list.members() + part.values.size();
        var isLast = members == group.children();
        outlet.publish(new GroupPart(id, path, list.parts(), isLast, part.values), part.secret);
        budget.spend(part.values.size());
        budget.spendBytes(part.bytes);
        var now = new StoredList(
                members, list.parts() + 1, list.parts() == 0 ? clock.instant() : list.since(), part.secret, isLast);
        store.putList(id, path, now);
        values.forget(); // what was too large is a reference now
        return now;
    }
}

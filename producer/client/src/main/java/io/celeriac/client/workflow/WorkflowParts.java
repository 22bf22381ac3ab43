package io.celeriac.client.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.contract.workflow.WorkflowRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Divides a workflow that does not fit into a record: the members of its largest groups follow in further records. */
final class WorkflowParts {

    private final int most;

    /**
     * @param most bytes of a record
     */
    WorkflowParts(int most) {
        this.most = most;
    }

    /** A group with its place and its size in bytes. */
    private record Large(String path, WorkflowNode group, int bytes) {}

    /**
     * The records of a workflow, in the order in which they must be sent.
     *
     * @throws InvalidTaskException when a part of it that is no group's member is too large
     */
    List<WorkflowRecord> of(Workflow workflow) {
        var whole = workflow;
        var members = new ArrayList<WorkflowRecord>();
        while (size(whole) > most) {
            var largest = largest(NodePath.ROOT, whole.root());
            if (largest == null) {
                throw new InvalidTaskException(
                        "root",
                        "has " + size(whole) + " bytes without the members of its groups," + " but a record may have "
                                + most);
            }
            var emptied = emptied(largest.group);
            whole = with(whole, replaced(whole.root(), NodePath.ROOT, largest.path, emptied));
            append(members, whole.id(), largest);
        }
        var records = new ArrayList<WorkflowRecord>();
        records.add(whole);
        records.addAll(members);
        return records;
    }

    private void append(List<WorkflowRecord> records, String id, Large large) {
        int from = 0;
        var part = new ArrayList<WorkflowNode>();
        int bytes = 0;
        for (int i = 0; i < large.group.children(); i++) {
            var member = large.group.child(i);
            int size = TaskJson.bytes(member).length + 1;
            if (!part.isEmpty() && bytes + size > most / 2) {
                records.add(fitting(new GroupAppend(id, large.path, from, part)));
                from = i;
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(member);
            bytes += size;
        }
        records.add(fitting(new GroupAppend(id, large.path, from, part)));
        records.add(new GroupComplete(id, large.path, large.group.children()));
    }

    private GroupAppend fitting(GroupAppend append) {
        if (size(append) > most) {
            throw new InvalidTaskException(
                    "root", "has a member of group " + append.node() + " that does not fit into a record");
        }
        return append;
    }

    private static int size(WorkflowRecord record) {
        return Limits.size(record.id().getBytes(UTF_8), TaskJson.bytes(record), List.of());
    }

    /** The largest group below a node that has members here; null for none. */
    private static @Nullable Large largest(String path, WorkflowNode node) {
        if (node.kind().isGroup()) {
            return node.children() == 0 || node.open() ? null : new Large(path, node, TaskJson.bytes(node).length);
        }
        Large largest = null;
        for (int i = 0; i < node.nodes().size(); i++) {
            var found = largest(NodePath.child(path, i), node.nodes().get(i));
            if (found != null && (largest == null || found.bytes > largest.bytes)) {
                largest = found;
            }
        }
        return largest;
    }

    private static WorkflowNode emptied(WorkflowNode group) {
        return WorkflowNode.group(List.of())
                .named(group.name())
                .withConcurrency(group.concurrency())
                .onMemberFailure(group.onMemberFailure())
                .asOpen()
                .then(group.onSuccess(), group.onFailure());
    }

    private static WorkflowNode replaced(WorkflowNode node, String path, String wanted, WorkflowNode by) {
        if (path.equals(wanted)) {
            return by;
        }
        if (!wanted.startsWith(path + ".")) {
            return node;
        }
        var children = new ArrayList<WorkflowNode>();
        for (int i = 0; i < node.nodes().size(); i++) {
            children.add(replaced(node.nodes().get(i), NodePath.child(path, i), wanted, by));
        }
        return new WorkflowNode(
                node.kind(),
                node.name(),
                null,
                children,
                List.of(),
                0,
                node.concurrency(),
                node.open(),
                node.onMemberFailure(),
                node.onSuccess(),
                node.onFailure());
    }

    private static Workflow with(Workflow workflow, WorkflowNode root) {
        return new Workflow(
                workflow.id(),
                workflow.name(),
                workflow.labels(),
                workflow.queue(),
                root,
                workflow.onMemberFailure(),
                workflow.submittedAt());
    }
}

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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        var bytes = size(workflow);
        if (bytes <= most) {
            return List.of(workflow);
        }
        var groups = new ArrayList<Large>();
        find(groups, NodePath.ROOT, workflow.root());
        groups.sort(Comparator.comparingInt(Large::bytes).reversed());
        var emptied = new HashMap<String, WorkflowNode>();
        var members = new ArrayList<WorkflowRecord>();
        for (var group : groups) {
            if (bytes <= most) {
                break;
            }
            var empty = emptied(group.group);
            bytes += TaskJson.bytes(empty).length - group.bytes; // JSON has the bytes of its parts
            emptied.put(group.path, empty);
            append(members, workflow.id(), group);
        }
        if (bytes > most) {
            throw new InvalidTaskException(
                    "root", "has " + bytes + " bytes without the members of its groups, but a record may have " + most);
        }
        var records = new ArrayList<WorkflowRecord>();
        records.add(with(workflow, replaced(workflow.root(), NodePath.ROOT, emptied)));
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

    /** Finds the groups that can be divided, and measures each once. */
    private static void find(List<Large> groups, String path, WorkflowNode node) {
        if (node.kind().isGroup()) {
            if (node.children() > 0 && !node.open()) {
                groups.add(new Large(path, node, TaskJson.bytes(node).length));
            }
            return;
        }
        for (int i = 0; i < node.nodes().size(); i++) {
            find(groups, NodePath.child(path, i), node.nodes().get(i));
        }
    }

    private static WorkflowNode emptied(WorkflowNode group) {
        return WorkflowNode.group(List.of())
                .named(group.name())
                .withConcurrency(group.concurrency())
                .onMemberFailure(group.onMemberFailure())
                .asOpen()
                .then(group.onSuccess(), group.onFailure());
    }

    private static WorkflowNode replaced(WorkflowNode node, String path, Map<String, WorkflowNode> by) {
        var other = by.get(path);
        if (other != null) {
            return other;
        }
        if (node.kind().isGroup() || node.nodes().isEmpty()) {
            return node;
        }
        var children = new ArrayList<WorkflowNode>();
        for (int i = 0; i < node.nodes().size(); i++) {
            children.add(replaced(node.nodes().get(i), NodePath.child(path, i), by));
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

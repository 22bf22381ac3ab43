package io.celeriac.results.materializer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.task.NodePath;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the topic of workflow states.
 *
 * <pre>
 * in     workflow id           → WorkflowState
 *        workflow id/node path → NodeState
 *        workflow id#tree      → Workflow
 *        a tombstone says that the coordinator has forgotten the key
 * fails  when the value is not what the key says
 * </pre>
 */
final class WorkflowRecordReader implements RecordReader<WorkflowChange> {

    private static final String TREE = "#tree";

    private final RedactionRules rules;

    WorkflowRecordReader(RedactionRules rules) {
        this.rules = rules;
    }

    @Override
    public Optional<WorkflowChange> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            throw new InvalidTaskException("key", "is required");
        }
        var key = new String(record.key(), UTF_8);
        var at = Instant.ofEpochMilli(record.timestamp());
        if (key.endsWith(TREE)) {
            return record.value() == null
                    ? Optional.empty()
                    : Optional.of(requireId(
                            key.substring(0, key.length() - TREE.length()),
                            new WorkflowChange.OfTree(TaskJson.workflow(TaskJson.parse(record.value())), at)));
        }
        var slash = key.lastIndexOf('/');
        var id = TaskRules.oldId("key", slash < 0 ? key : key.substring(0, slash));
        var node = slash < 0 ? null : NodePath.check("key", key.substring(slash + 1));
        if (record.value() == null) {
            return Optional.of(new WorkflowChange.Forgotten(id, node));
        }
        if (node == null) {
            return Optional.of(
                    requireId(id, new WorkflowChange.OfWorkflow(TaskJson.workflowState(record.value()), at)));
        }
        var state = TaskJson.nodeState(record.value());
        if (!state.node().equals(node)) {
            throw new InvalidTaskException("node", "must be the path in the key");
        }
        return Optional.of(requireId(id, new WorkflowChange.OfNode(state)));
    }

    private static WorkflowChange requireId(String id, WorkflowChange change) {
        if (!change.workflow().equals(id)) {
            throw new InvalidTaskException("id", "must be the workflow in the key");
        }
        return change;
    }

    /** A tree has the arguments of all its tasks, so a value is quoted only where nothing is secret. */
    @Override
    public String reason(ConsumerRecord<byte[], byte[]> record, Throwable error) {
        return rules.areNone() ? String.valueOf(error.getMessage()) : DeadLetters.withoutValues(error);
    }
}

package io.celeriac.results.materializer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkflowRecordReaderTest {

    private final WorkflowRecordReader reader = new WorkflowRecordReader(RedactionRules.NONE);

    @Test
    void tellsTheKindOfARecordFromItsKey() {
        var tree = Workflow.of(
                "w", WorkflowNode.task(Signature.of(Task.named("pay").build())));
        var node = new NodeState(
                "w", "0.1", NodeKind.GROUP, null, TaskState.STARTED, 0, 4, 3, 1, 0, false, null, null, null);

        assertThat(reader.read(record("w#tree", TaskJson.MAPPER.writeValueAsBytes(tree))))
                .hasValueSatisfying(change -> assertThat(change).isInstanceOf(WorkflowChange.OfTree.class));
        assertThat(reader.read(record("w/0.1", TaskJson.MAPPER.writeValueAsBytes(node))))
                .contains(new WorkflowChange.OfNode(node));
        assertThat(reader.read(record("w", null))).contains(new WorkflowChange.Forgotten("w", null));
        assertThat(reader.read(record("w/0.1", null))).contains(new WorkflowChange.Forgotten("w", "0.1"));
        assertThat(reader.read(record("w#tree", null))).isEmpty();
    }

    @Test
    void refusesAValueOfAnotherKey() {
        var node = new NodeState(
                "w", "0.1", NodeKind.GROUP, null, TaskState.STARTED, 0, 4, 3, 1, 0, false, null, null, null);

        assertThatThrownBy(() -> reader.read(record("w/0.2", TaskJson.MAPPER.writeValueAsBytes(node))))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("node");
        assertThatThrownBy(() -> reader.read(record("v/0.1", TaskJson.MAPPER.writeValueAsBytes(node))))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("id");
        assertThatThrownBy(() -> reader.read(record("w/first", null))).isInstanceOf(InvalidTaskException.class);
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, byte @Nullable [] value) {
        return new ConsumerRecord<>("states", 0, 0, key.getBytes(UTF_8), value);
    }
}

package io.celeriac.resultsweb.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.web.problem.ProblemException;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class WorkflowSenderTest {

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(Cluster.empty(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final WorkflowSender sender = new WorkflowSender(producer, new Topics("celeriac"), Limits.REQUEST_BYTES);

    private static Workflow workflow(int length) {
        return Workflow.of("w", WorkflowNode.task(Signature.of(Task.of("pay", "x".repeat(length)))));
    }

    /** The coordinator keeps room for what it stores beside a record, and would set a larger one aside as a dead letter. */
    @Test
    void sendsWhatTheCoordinatorCanKeepAndNoMore() {
        var frame = Limits.size("w".getBytes(UTF_8), TaskJson.bytes(workflow(0)), List.of());
        var most = Limits.TASK_BYTES - frame;

        assertThat(sender.send(workflow(most), "root")).isCompleted();
        assertThatThrownBy(() -> sender.send(workflow(most + 1), "root"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("a record may have " + Limits.TASK_BYTES);
        assertThat(producer.history()).hasSize(1);
    }
}

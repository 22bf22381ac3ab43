package io.celeriac.workflow.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coordinators whose stream threads fail. */
class FailingCoordinatorIT {

    private static final String POISON = "poison";

    private final TestWorkflows workflows =
            new TestWorkflows(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("failing"), 1);

    @AfterEach
    void stop() {
        workflows.close();
    }

    /** Throws for the records of one workflow, and so ends the thread that sends them. */
    public static final class PoisonedPartitioner implements Partitioner {

        @Override
        public int partition(
                String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
            if (new String(keyBytes, UTF_8).startsWith(POISON)) {
                throw new IllegalStateException("poisoned");
            }
            return BuiltInPartitioner.partitionForKey(keyBytes, cluster.partitionCountForTopic(topic));
        }

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }

    private static WorkflowNode task(String queue) {
        return WorkflowNode.task(new Signature(Task.of("add"), queue, false));
    }

    /** Each successor runs before it meets the record again, so running must not count as health. */
    @Test
    void aCoordinatorWhoseRecordEndsEachThreadIsDown() {
        var coordinator =
                workflows.coordinate(Map.of("producer.partitioner.class", PoisonedPartitioner.class.getName()));
        assertThat(coordinator.isDown()).isFalse();
        workflows.send(Workflow.of(POISON, task("default")));
        await("a coordinator that is down")
                .dontCatchUncaughtExceptions() // the threads' ends are what is waited for
                .atMost(Duration.ofSeconds(90))
                .until(coordinator::isDown);
        assertThat(coordinator.state()).contains("the last failure: ");
    }

    /** The deletion is found when the partition begins again; otherwise it would send there and begin again for ever. */
    @Test
    void aQueueThatIsDeletedKeepsNoOtherWorkflowFromRunning() throws Exception {
        var topic = workflows.topics().tasks("gone");
        workflows.coordinate(Map.of(
                "producer.max.block.ms", 2_000,
                "producer.request.timeout.ms", 2_000,
                "producer.delivery.timeout.ms", 3_000));
        try (var admin = Admin.create(
                Map.<String, Object>of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
            workflows.send(Workflow.of("first", task("gone")));
            await("a task in the queue").atMost(Duration.ofSeconds(30)).until(() -> workflows.isStarted("first"));
            admin.deleteTopics(List.of(topic)).all().get();
        }
        workflows.send(Workflow.of("second", task("gone")));
        assertThat(workflows.awaitEnd("second").error().message()).contains("queue \"gone\" has no topic");
        workflows.send(Workflow.of("third", task("default")));
        await("another workflow").atMost(Duration.ofSeconds(30)).until(() -> workflows.isStarted("third"));
    }
}

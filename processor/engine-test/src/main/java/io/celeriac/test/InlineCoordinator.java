package io.celeriac.test;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.workflow.tree.MemoryWorkflowStore;
import io.celeriac.workflow.tree.WorkflowOutlet;
import io.celeriac.workflow.tree.Workflows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Runs workflows by the logic of the coordinator, in the thread that sends them. Safe for use by several threads: what a change sends goes
 * out after the change, outside of the lock.
 */
final class InlineCoordinator {

    private static final int SLICE = 1_000;
    private static final int MAX_TASK_BYTES = Limits.taskBytes((1 << 20) - Limits.REQUEST_OVERHEAD); // Kafka's default

    private final TestClock clock;
    private final Consumer<ProducerRecord<byte[], byte[]>> publisher;
    private final MemoryWorkflowStore store = new MemoryWorkflowStore(); // guarded by this, as is all below
    private final Outlet outlet;
    private final Workflows workflows;

    InlineCoordinator(Topics topics, TestClock clock, Consumer<ProducerRecord<byte[], byte[]>> publisher) {
        this.clock = clock;
        this.publisher = publisher;
        this.outlet = new Outlet(topics);
        this.workflows = new Workflows(
                store,
                outlet,
                clock,
                new Workflows.Settings(Duration.ofDays(7), Duration.ofMinutes(10), MAX_TASK_BYTES));
    }

    /** Takes a workflow, or what is said of one. */
    void take(WorkflowRecord said, Headers headers) {
        change(() -> {
            if (said instanceof Workflow workflow) {
                workflows.submit(workflow, clock.instant(), trace(headers));
            } else if (said instanceof GroupAppend append) {
                workflows.append(append);
            } else if (said instanceof GroupComplete complete) {
                workflows.complete(complete);
            } else if (said instanceof WorkflowCommand command) {
                workflows.command(command);
            }
        });
    }

    private static Map<String, String> trace(Headers headers) {
        var trace = new LinkedHashMap<String, String>();
        headers.forEach(header -> trace.put(header.key(), new String(header.value(), UTF_8)));
        return trace;
    }

    /** A task of a workflow has ended. */
    void ended(byte[] event, boolean secret) {
        change(() -> workflows.ended(TaskJson.memberEnded(event), secret));
    }

    /** When there is something to do next; null for nothing. */
    synchronized @Nullable Instant next() {
        return store.nextDue();
    }

    /** Does what is due. */
    void ring() {
        change(() -> {});
    }

    private void change(Runnable change) {
        List<ProducerRecord<byte[], byte[]>> records;
        synchronized (this) {
            change.run();
            for (var isMore = true; isMore; ) {
                isMore = workflows.work(SLICE, true);
            }
            workflows.publishChanges();
            records = outlet.take();
        }
        records.forEach(publisher);
    }

    /** Collects what a change sends. */
    private static final class Outlet implements WorkflowOutlet {

        private final Topics topics;
        private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

        Outlet(Topics topics) {
            this.topics = topics;
        }

        /** Each queue is there. */
        @Override
        public Queue queue(String name) {
            return new Queue.Present();
        }

        @Override
        public void send(String queue, Task task, Map<String, String> trace, boolean secret) {
            var record = add(topics.tasks(queue), task.partitionKey(), TaskJson.bytes(task));
            trace.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
            if (secret) {
                record.headers().add(DeadLetter.SECRET, "true".getBytes(UTF_8));
            }
        }

        @Override
        public void publish(TaskResult result) {
            add(topics.results(), result.id(), TaskJson.bytes(result));
        }

        @Override
        public void publish(WorkflowState state) {
            add(topics.workflowStates(), state.id(), TaskJson.bytes(state));
        }

        @Override
        public void publish(NodeState state) {
            add(topics.workflowStates(), state.key(), TaskJson.bytes(state));
        }

        @Override
        public void publish(Workflow workflow) {
            add(topics.workflowStates(), workflow.id() + "#tree", TaskJson.bytes(workflow));
        }

        @Override
        public void publish(GroupPart part, boolean secret) {
            add(topics.groupResults(), part.id(), TaskJson.bytes(part));
        }

        @Override
        public void send(Command command) {
            add(topics.control(), command.id(), TaskJson.bytes(command));
        }

        private ProducerRecord<byte[], byte[]> add(String topic, String key, byte[] value) {
            var record = new ProducerRecord<>(topic, key.getBytes(UTF_8), value);
            records.add(record);
            return record;
        }

        private List<ProducerRecord<byte[], byte[]>> take() {
            var taken = List.copyOf(records);
            records.clear();
            return taken;
        }
    }
}

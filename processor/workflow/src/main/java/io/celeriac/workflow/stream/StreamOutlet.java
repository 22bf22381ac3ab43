package io.celeriac.workflow.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.Command;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.engine.topic.StepCheck;
import io.celeriac.workflow.tree.WorkflowOutlet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Collects records until they are sent together with the changes of the store. Each life of a partition has a new one. Belongs to the stream thread. */
final class StreamOutlet implements WorkflowOutlet {

    /** A record and its key. */
    record Keyed(byte[] key, Outgoing record) {}

    private final Topics topics;
    private final StepCheck queues;
    private final int mostBytes;
    private final List<Keyed> records = new ArrayList<>();

    /** @param mostBytes of a result */
    StreamOutlet(Topics topics, StepCheck queues, int mostBytes) {
        this.topics = topics;
        this.queues = queues;
        this.mostBytes = mostBytes;
        queues.forget();
    }

    @Override
    public Queue queue(String name) {
        var answer = queues.of(topics.tasks(name), () -> {}); // the next tick asks again
        if (answer instanceof StepCheck.Answer.Absent absent) {
            return new Queue.Absent(absent.why());
        }
        return answer instanceof StepCheck.Answer.Present ? new Queue.Present() : new Queue.Pending();
    }

    @Override
    public void send(String queue, Task task, Map<String, String> trace, boolean secret) {
        var headers = secrecy(secret);
        trace.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
        add(topics.tasks(queue), task.partitionKey(), TaskJson.bytes(task), headers);
    }

    @Override
    public void publish(TaskResult result) {
        add(topics.results(), result.id(), fitting(result), new RecordHeaders());
    }

    /** Leaves out what makes a result larger than a record may be, since a state must always be told. */
    private byte[] fitting(TaskResult result) {
        var bytes = TaskJson.bytes(result);
        return bytes.length <= mostBytes
                ? bytes
                : TaskJson.bytes(result.withoutArguments().withoutLabels());
    }

    @Override
    public void publish(WorkflowState state) {
        add(topics.workflowStates(), state.id(), TaskJson.bytes(state), new RecordHeaders());
    }

    @Override
    public void publish(NodeState state) {
        add(topics.workflowStates(), state.key(), TaskJson.bytes(state), new RecordHeaders());
    }

    @Override
    public void publish(Workflow workflow) {
        add(topics.workflowStates(), workflow.id() + "#tree", TaskJson.bytes(workflow), new RecordHeaders());
    }

    @Override
    public void publish(GroupPart part, boolean secret) {
        add(topics.groupResults(), part.id(), TaskJson.bytes(part), secrecy(secret));
    }

    private static Headers secrecy(boolean secret) {
        var headers = new RecordHeaders();
        if (secret) {
            headers.add(DeadLetter.SECRET, "true".getBytes(UTF_8));
        }
        return headers;
    }

    @Override
    public void send(Command command) {
        add(topics.control(), command.id(), TaskJson.bytes(command), new RecordHeaders());
    }

    private void add(String topic, String key, byte[] value, Headers headers) {
        records.add(new Keyed(key.getBytes(UTF_8), new Outgoing(topic, value, headers)));
    }

    /** Removes and returns what was collected. */
    List<Keyed> take() {
        var taken = List.copyOf(records);
        records.clear();
        return taken;
    }
}

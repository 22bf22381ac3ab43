package io.celeriac.client.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.client.SubmitException;
import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskSender;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.rule.Limits;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowCommand.Kind;
import io.celeriac.contract.workflow.WorkflowRecord;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Sends workflows, and answers a {@link WorkflowHandle} for each at once. Safe for use by several threads; one client a process is enough.
 *
 * <pre>{@code
 * var sum = workflows.send(Flow.group(Flow.task("demo.add", 1, 2), Flow.task("demo.add", 3, 4)).then(Flow.task("demo.sum")));
 * sum.get(Duration.ofSeconds(10));   // 10
 * }</pre>
 */
public final class WorkflowClient {

    private final Producer<byte[], byte[]> producer;
    private final Topics topics;
    private final TaskSender sender;
    private final TaskClient tasks;
    private final InstantSource clock;
    private final int most;

    /**
     * @param producer with {@code acks=all} and idempotence, so that the parts of a workflow stay in order; not closed by this class
     * @param sender makes the ids
     * @param tasks reads the results
     * @param maxRequestBytes of the producer
     */
    public WorkflowClient(
            Producer<byte[], byte[]> producer,
            Topics topics,
            TaskSender sender,
            TaskClient tasks,
            InstantSource clock,
            int maxRequestBytes) {
        this.producer = producer;
        this.topics = topics;
        this.sender = sender;
        this.tasks = tasks;
        this.clock = clock;
        this.most = Limits.taskBytes(maxRequestBytes - Limits.REQUEST_OVERHEAD);
    }

    /** What a workflow has besides its tree. */
    public static final class Options {

        private final Workflow workflow;

        private Options(Workflow workflow) {
            this.workflow = workflow;
        }

        /** An id of the caller's own: sent again under the same id, the workflow runs once. */
        public Options id(String id) {
            return with(id, workflow.name(), workflow.queue(), workflow.labels());
        }

        /** A name, as a task has one: {@code [A-Za-z0-9_.:-]{1,255}}. */
        public Options name(String name) {
            return with(workflow.id(), name, workflow.queue(), workflow.labels());
        }

        /** The queue of all tasks that name none. */
        public Options queue(String queue) {
            return with(workflow.id(), workflow.name(), queue, workflow.labels());
        }

        /** Labels for search, which the tasks inherit. */
        public Options labels(Map<String, String> labels) {
            return with(workflow.id(), workflow.name(), workflow.queue(), labels);
        }

        private Options with(String id, @Nullable String name, @Nullable String queue, Map<String, String> labels) {
            return new Options(new Workflow(
                    id, name, labels, queue, workflow.root(), workflow.onMemberFailure(), workflow.submittedAt()));
        }
    }

    /** Sends a workflow. */
    public <R> WorkflowHandle<R> send(Flow<R> flow) {
        return send(flow, UnaryOperator.identity());
    }

    /**
     * Sends a workflow with a name, labels, a queue or an id of its own.
     *
     * @throws InvalidTaskException when it breaks the contract
     */
    public <R> WorkflowHandle<R> send(Flow<R> flow, UnaryOperator<Options> options) {
        var plain = new Workflow(sender.newId(), null, Map.of(), null, flow.node(), null, now());
        return send(options.apply(new Options(plain)).workflow, flow.result());
    }

    /** Sends a workflow that was made elsewhere. */
    public WorkflowHandle<JsonNode> send(Workflow workflow) {
        return send(workflow, JsonNode.class);
    }

    private <R> WorkflowHandle<R> send(Workflow workflow, Type result) {
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        var trace = trace();
        var parts = new WorkflowParts(most - Limits.size(null, null, trace));
        for (var part : parts.of(workflow)) {
            last = CompletableFuture.allOf(last, send(part, trace));
        }
        return handle(workflow.id(), result, last.thenApply(all -> null));
    }

    /** A handle for a workflow that was sent elsewhere. */
    public WorkflowHandle<JsonNode> handle(String id) {
        return handle(id, JsonNode.class, CompletableFuture.completedFuture(null));
    }

    private <R> WorkflowHandle<R> handle(String id, Type result, CompletableFuture<Void> taken) {
        return new WorkflowHandle<>(tasks.handleOf(id, result), taken, this);
    }

    /**
     * Ends a workflow: nothing more is sent, and tasks that have not started do not run.
     *
     * @param terminate true: running attempts are interrupted
     * @return completes when the broker has the command
     */
    public CompletableFuture<Void> revoke(String id, boolean terminate) {
        return send(new WorkflowCommand(id, Kind.REVOKE, terminate, null, now()), trace());
    }

    /**
     * Runs what has not succeeded again. Ignored while the workflow runs, and after a success. The result of the new run has an id of its
     * own, {@code WorkflowIds.ofRun}.
     *
     * @return completes when the broker has the command
     */
    public CompletableFuture<Void> retry(String id) {
        return send(new WorkflowCommand(id, Kind.RETRY, false, null, now()), trace());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private List<Header> trace() {
        return sender.traceHeaders().entrySet().stream()
                .<Header>map(header ->
                        new RecordHeader(header.getKey(), header.getValue().getBytes(UTF_8)))
                .toList();
    }

    private CompletableFuture<Void> send(WorkflowRecord record, List<Header> trace) {
        var taken = new CompletableFuture<Void>();
        var sent = new ProducerRecord<>(
                topics.workflows(), null, record.id().getBytes(UTF_8), TaskJson.bytes(record), trace);
        try {
            producer.send(sent, (metadata, error) -> {
                if (error == null) {
                    taken.complete(null);
                } else {
                    taken.completeExceptionally(refused(record, error));
                }
            });
        } catch (KafkaException e) {
            taken.completeExceptionally(refused(record, e));
        }
        return taken;
    }

    private static SubmitException refused(WorkflowRecord record, Exception error) {
        return new SubmitException("workflow " + record.id() + " was not taken: " + error.getMessage(), error);
    }
}

package io.celeriac.workflow.stream;

import static io.celeriac.contract.workflow.WorkflowNode.chain;
import static io.celeriac.contract.workflow.WorkflowNode.chord;
import static io.celeriac.contract.workflow.WorkflowNode.group;
import static io.celeriac.contract.workflow.WorkflowNode.map;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.result.RevokeReason;
import io.celeriac.contract.task.NodePath;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowCommand.Kind;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.engine.handler.Handler;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Workflows through a real broker, a real worker and a real coordinator. */
class CoordinatorIT {

    private static final Semaphore GO = new Semaphore(0);
    private static final AtomicInteger WAITING = new AtomicInteger();
    private static final AtomicInteger BODIES = new AtomicInteger();
    private static final AtomicBoolean BROKEN = new AtomicBoolean(true);
    private static TestWorkflows workflows;
    private static Coordinator coordinator;

    @BeforeAll
    static void start() {
        workflows = new TestWorkflows(TestStack.kafka().bootstrapServers(), TestStack.uniqueName("workflow"), 2);
        coordinator = workflows.coordinate();
        workflows.work(
                "at_least_once",
                Handler.of("add", (task, context) -> sum(task.args())),
                Handler.of("sum", (task, context) -> {
                    BODIES.incrementAndGet();
                    return sum(List.copyOf(task.args().get(0).values()));
                }),
                Handler.of("page", (task, context) -> task.args().get(0).asInt() + "x".repeat(10_000)),
                Handler.of(
                        "join",
                        (task, context) -> context
                                .<String>groupResults(task.args().get(0), String.class)
                                .stream()
                                .map(page -> page.replace("x", ""))
                                .collect(joining(","))),
                Handler.of("fail", (task, context) -> {
                    throw new IllegalStateException("no luck");
                }),
                Handler.of("repaired", (task, context) -> {
                    if (BROKEN.get()) {
                        throw new IllegalStateException("not yet");
                    }
                    return 1;
                }),
                Handler.of("wait", (task, context) -> {
                    WAITING.incrementAndGet();
                    GO.acquire();
                    return 1;
                }));
    }

    @AfterAll
    static void stop() {
        GO.release(10_000);
        if (workflows != null) {
            workflows.close();
        }
    }

    private static int sum(List<JsonNode> numbers) {
        return numbers.stream().mapToInt(JsonNode::asInt).sum();
    }

    private static WorkflowNode task(String name, Object... args) {
        return WorkflowNode.task(
                Signature.of(Task.named(name).args(args).maxAttempts(1).build()));
    }

    private static List<WorkflowNode> times(int n, WorkflowNode node) {
        return IntStream.range(0, n).mapToObj(i -> node).toList();
    }

    @Test
    void aChainPassesResultsOn() {
        workflows.send(Workflow.of("chain", chain(List.of(task("add", 1, 2), task("add", 3), task("add", 4)))));
        var end = workflows.awaitEnd("chain");
        assertThat(end.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(end.result().asInt()).isEqualTo(10);
        assertThat(end.task()).isEqualTo(Workflow.NO_NAME);
    }

    /** Two megabytes do not fit the record of the body. */
    @Test
    void aBodyReadsALargeListFromItsTopic() {
        var items = IntStream.range(0, 200).<JsonNode>mapToObj(TaskJson::tree).toList();
        for (var id : List.of("pages-1", "pages-2")) { // each may be on the other's partition
            workflows.send(Workflow.of(id, chord(map(Signature.of(Task.of("page")), items), task("join"))));
        }
        for (var id : List.of("pages-1", "pages-2")) {
            assertThat(workflows.awaitEnd(id).result().asString())
                    .isEqualTo(IntStream.range(0, 200).mapToObj(String::valueOf).collect(joining(",")));
        }
    }

    @Test
    void aChordGetsTheResultsOfAThousandMembersOnce() {
        var items = IntStream.range(0, 1_000).<JsonNode>mapToObj(TaskJson::tree).toList();
        BODIES.set(0);
        workflows.send(Workflow.of(
                "chord", chord(map(Signature.of(Task.named("add").build()), items), task("sum"))));
        assertThat(workflows.awaitEnd("chord").result().asInt()).isEqualTo(499_500);
        assertThat(BODIES.get()).isEqualTo(1);
        assertThat(workflows.endsOf("chord"))
                .hasSize(1_001)
                .allSatisfy((id, ends) -> assertThat(ends).isEqualTo(1));
        var state = workflows.awaitSettled("chord");
        assertThat(state.tasks()).isEqualTo(1_001);
        assertThat(state.failed()).isZero();
    }

    @Test
    void aFailureEndsEverythingAboveIt() {
        workflows.send(Workflow.of(
                "failing",
                chain(List.of(
                        group(List.of(task("add", 1), chain(List.of(task("fail"), task("add", 1))))), task("sum")))));
        var end = workflows.awaitEnd("failing");
        assertThat(end.state()).isEqualTo(TaskState.FAILURE);
        assertThat(end.error().message()).isEqualTo("no luck");
        var never = workflows.awaitEnd(WorkflowIds.ofTask("failing", "0.1", 0));
        assertThat(never.state()).isEqualTo(TaskState.REVOKED);
        assertThat(never.reason()).isEqualTo(RevokeReason.PARENT_FAILED);
        assertThat(never.error().message()).startsWith("parent failed: ");
    }

    @Test
    void aRevokedWorkflowEndsWithAllItsTasks() {
        GO.drainPermits();
        WAITING.set(0);
        workflows.send(Workflow.of("revoked", chord(group(times(50, task("wait"))), task("sum"))));
        await("tasks that run").atMost(Duration.ofSeconds(30)).until(() -> WAITING.get() > 0);
        workflows.send(new WorkflowCommand("revoked", Kind.REVOKE, true, "ada", Instant.now()));
        assertThat(workflows.awaitEnd("revoked").state()).isEqualTo(TaskState.REVOKED);
        var state = workflows.awaitSettled("revoked");
        assertThat(state.revoked()).isEqualTo(51);
        assertThat(workflows.count("revoked", TaskState.REVOKED)).isEqualTo(51);
    }

    @Test
    void aRetryRunsOnlyWhatHasFailed() {
        BROKEN.set(true);
        workflows.send(Workflow.of("retried", chord(group(List.of(task("add", 5), task("repaired"))), task("sum"))));
        assertThat(workflows.awaitEnd("retried").state()).isEqualTo(TaskState.FAILURE);
        BROKEN.set(false);
        workflows.send(new WorkflowCommand("retried", Kind.RETRY, false, null, Instant.now()));
        var again = workflows.awaitEnd(WorkflowIds.ofRun("retried", 1));
        assertThat(again.state()).isEqualTo(TaskState.SUCCESS);
        assertThat(again.result().asInt()).isEqualTo(6);
        assertThat(again.retryOf()).isEqualTo("retried");
        assertThat(workflows.results())
                .filteredOn(result -> result.id().equals(WorkflowIds.ofTask("retried", "0.0.0", 1)))
                .isEmpty();
    }

    @Test
    void membersThatFollowRunBeforeTheLastHasCome() {
        workflows.send(Workflow.of("open", chord(group(List.of(task("add", 1))).asOpen(), task("sum"))));
        workflows.awaitEnd(WorkflowIds.ofTask("open", "0.0.0", 0));
        workflows.send(new GroupAppend("open", "0.0", 1, List.of(task("add", 2), task("add", 3))));
        workflows.send(new GroupAppend("open", "0.0", 1, List.of(task("add", 2), task("add", 3))));
        workflows.send(new GroupComplete("open", "0.0", 3));
        assertThat(workflows.awaitEnd("open").result().asInt()).isEqualTo(6);
    }

    @Test
    void aGroupThatIsNeverCompletedFails() {
        workflows.send(Workflow.of("left", group(List.of(task("add", 1))).asOpen()));
        var end = workflows.awaitEnd("left");
        assertThat(end.state()).isEqualTo(TaskState.FAILURE);
        assertThat(end.error().type()).isEqualTo("IncompleteGroup");
    }

    @Test
    void anUnknownQueueFailsItsTaskOnly() {
        var lost = WorkflowNode.task(new Signature(Task.of("add", 1), "nowhere", false));
        workflows.send(Workflow.of("lost", lost));
        var end = workflows.awaitEnd("lost");
        assertThat(end.state()).isEqualTo(TaskState.FAILURE);
        assertThat(end.error().message()).contains("queue \"nowhere\" has no topic");
    }

    @Test
    void anOddRecordBecomesADeadLetterAndHarmsNobody() {
        workflows.send(null, "odd", "{\"id\": \"odd\", \"root\": {\"chain\": 7}}".getBytes(UTF_8));
        workflows.send(null, "other", TaskJson.bytes(Workflow.of("odd", task("add", 1))));
        workflows.send(new GroupAppend("unknown", NodePath.ROOT, 0, List.of(task("add", 1))));
        workflows.send(Workflow.of("after", task("add", 1)));
        assertThat(workflows.awaitEnd("after").state()).isEqualTo(TaskState.SUCCESS);
        await("three dead letters")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(workflows.deadLetters().stream()
                                .map(record -> DeadLetter.from(record.headers()).message()))
                        .contains(
                                "root.chain must be a list of nodes",
                                "id must be the record's key",
                                "id is of no workflow that is known here"));
    }

    @Test
    void aRecordInTheWrongPartitionFindsItsWay() {
        var right = BuiltInPartitioner.partitionForKey("elsewhere".getBytes(UTF_8), workflows.partitions());
        workflows.send(
                1 - right,
                "elsewhere",
                TaskJson.bytes(Workflow.of("elsewhere", chain(List.of(task("add", 1), task("add", 1))))));
        assertThat(workflows.awaitEnd("elsewhere").result().asInt()).isEqualTo(2);
    }

    @Test
    void anotherCoordinatorGoesOn() {
        GO.drainPermits();
        WAITING.set(0);
        workflows.send(Workflow.of("moved", chain(List.of(task("wait"), task("add", 1)))));
        await("a task that runs").atMost(Duration.ofSeconds(30)).until(() -> WAITING.get() == 1);
        var other = workflows.coordinate();
        workflows.stop(coordinator);
        coordinator = other;
        GO.release();
        assertThat(workflows.awaitEnd("moved").result().asInt()).isEqualTo(2);
    }
}

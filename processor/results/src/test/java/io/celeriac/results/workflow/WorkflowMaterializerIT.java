package io.celeriac.results.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.workflow.NodeKind;
import io.celeriac.contract.workflow.NodeState;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.contract.workflow.WorkflowState;
import io.celeriac.results.MaterializerFixture;
import io.celeriac.results.TestData;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.query.TaskCursor;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.results.rebuild.ResultRebuild;
import io.celeriac.testkit.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** The rows of workflows follow the topic of their states. */
class WorkflowMaterializerIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Instant NOON = TestData.NOON;

    private static MaterializerFixture fixture;
    private static ConfigurableApplicationContext program;
    private static WorkflowRepository workflows;

    @BeforeAll
    static void start() {
        fixture = new MaterializerFixture(TestStack.createDatabase());
        program = fixture.start();
        workflows = new WorkflowRepository(fixture.pool, TestData.tables(fixture.pool));
    }

    @AfterAll
    static void stop() {
        program.close();
        fixture.close();
    }

    @Test
    void keepsTheStateOfTheHighestRevision() {
        var older = state("w-1", TaskState.STARTED, 3, NOON);
        var newer = state("w-1", TaskState.FAILURE, 5, NOON);
        send(older);
        send(newer);
        send(older);
        send(state("w-1-end", TaskState.STARTED, 1, NOON));
        send("w-1", bytes(older));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.find("w-1-end")).isPresent());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.find("w-1")).contains(newer));
    }

    @Test
    void knowsTheTreeBeforeTheFirstStateAndKeepsItAfter() {
        var node = WorkflowNode.chain(List.of(
                WorkflowNode.task(
                        Signature.of(Task.named("pay").args("secret-4711").build())),
                WorkflowNode.group(List.of(
                        WorkflowNode.task(Signature.of(Task.named("ship").build()))))));
        send("w-2#tree", bytes(new Workflow("w-2", "order", Map.of("tenant", "acme"), "mail", node, null, NOON)));
        await().atMost(SOON).until(() -> workflows.tree("w-2").isPresent());
        assertThat(workflows.find("w-2")).hasValueSatisfying(state -> {
            assertThat(state.state()).isEqualTo(TaskState.PENDING);
            assertThat(state.name()).isEqualTo("order");
            assertThat(state.queue()).isEqualTo("mail");
            assertThat(state.labels()).containsEntry("tenant", "acme");
        });

        var started = state("w-2", TaskState.STARTED, 1, NOON);
        send(started);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.find("w-2")).contains(started));
        assertThat(workflows.tree("w-2")).hasValueSatisfying(tree -> {
            assertThat(tree.at("0.1.0").map(one -> one.task())).contains("ship");
            assertThat(tree.json()).doesNotContain("secret-4711");
        });
    }

    @Test
    void keepsTheStatesOfNodesAndTellsWhichFailedFirst() {
        var group = node("w-3", "0.1", TaskState.FAILURE, 7, NOON.plusSeconds(5));
        var root = node("w-3", "0", TaskState.FAILURE, 8, NOON.plusSeconds(5));
        send("w-3/0.1", bytes(group));
        send("w-3/0", bytes(root));
        send("w-3/0.2", bytes(node("w-3", "0.2", TaskState.STARTED, 9, null)));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.nodes("w-3", List.of("0", "0.1", "0.2", "0.3")))
                        .containsEntry("0.1", group)
                        .containsOnlyKeys("0", "0.1", "0.2"));
        assertThat(workflows.failedNodes("w-3", 5)).containsExactly(group, root);
    }

    @Test
    void beginsAnewAfterTheCoordinatorHasForgottenAWorkflow() {
        send(state("w-4", TaskState.SUCCESS, 9, NOON));
        send("w-4/0", bytes(node("w-4", "0", TaskState.SUCCESS, 9, NOON)));
        send("w-4", null);
        send("w-4/0", null);
        var again = state("w-4", TaskState.STARTED, 1, NOON.plusSeconds(60));
        send(again);
        send("w-4/0", bytes(node("w-4", "0", TaskState.STARTED, 1, null)));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.find("w-4")).contains(again));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.nodes("w-4", List.of("0")))
                        .containsEntry("0", node("w-4", "0", TaskState.STARTED, 1, null)));
    }

    /** The coordinator knows a workflow for some days. Then its id may be used again. */
    @Test
    void beginsAnewWithTheTreeOfAnotherWorkflowOfTheSameId() {
        send(state("w-8", TaskState.SUCCESS, 9, NOON));
        send("w-8/0", bytes(node("w-8", "0", TaskState.SUCCESS, 9, NOON)));
        await().atMost(SOON)
                .until(() -> workflows.nodes("w-8", List.of("0")).size() == 1
                        && workflows.find("w-8").isPresent());

        send(
                "w-8#tree",
                bytes(Workflow.of(
                        "w-8", WorkflowNode.task(Signature.of(Task.named("pay").build())))));
        await().atMost(SOON).until(() -> workflows.tree("w-8").isPresent());
        var again = state("w-8", TaskState.STARTED, 1, NOON.plusSeconds(60));
        send(again);
        send("w-8/0", bytes(node("w-8", "0", TaskState.STARTED, 1, null)));

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.find("w-8")).contains(again));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(workflows.nodes("w-8", List.of("0")))
                        .containsEntry("0", node("w-8", "0", TaskState.STARTED, 1, null)));
    }

    @Test
    void setsAsideWhatCannotBeRead() {
        send("w-5", "no state".getBytes(UTF_8));
        send("w-5/0", "{}".getBytes(UTF_8));
        send(state("w-5-end", TaskState.STARTED, 1, NOON));

        await().atMost(SOON).until(() -> workflows.find("w-5-end").isPresent());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(fixture.deadLetters())
                        .filteredOn(letter -> new String(letter.key(), UTF_8).startsWith("w-5"))
                        .hasSize(2));
    }

    @Test
    void listsByStateNameLabelQueueAndTime() {
        for (var number = 0; number < 5; number++) {
            var at = NOON.plus(Duration.ofDays(number + 1));
            send(new WorkflowState(
                    "l-" + number,
                    number % 2 == 0 ? "even" : "odd",
                    Map.of("n", "" + number),
                    number == 4 ? null : "mail",
                    number == 0 ? TaskState.FAILURE : TaskState.STARTED,
                    0,
                    1,
                    2,
                    1,
                    0,
                    0,
                    null,
                    null,
                    at,
                    null));
        }
        await().atMost(SOON)
                .until(() -> ids(filter(Set.of(), null, Map.of(), null))
                        .containsAll(List.of("l-0", "l-1", "l-2", "l-3", "l-4")));

        assertThat(ids(filter(Set.of(), "even", Map.of(), null))).containsExactly("l-4", "l-2", "l-0");
        assertThat(ids(filter(Set.of(TaskState.FAILURE), "even", Map.of(), null)))
                .containsExactly("l-0");
        assertThat(ids(filter(Set.of(), null, Map.of("n", "3"), null))).containsExactly("l-3");
        assertThat(ids(filter(Set.of(), null, Map.of("n\"$.", "\\3%"), null))).isEmpty();
        assertThat(ids(filter(Set.of(), "even", Map.of(), Set.of("mail")))).containsExactly("l-2", "l-0");
        assertThat(ids(filter(Set.of(), "even", Map.of(), Set.of("default")))).containsExactly("l-4");
        assertThat(ids(filter(Set.of(), "even", Map.of(), Set.of("other")))).isEmpty();
        assertThat(ids(new WorkflowFilter(
                        Set.of(), null, Map.of(), NOON.plus(Duration.ofDays(2)), NOON.plus(Duration.ofDays(4)), null)))
                .containsExactly("l-2", "l-1");
        var first = workflows.list(filter(Set.of(), "even", Map.of(), null), null, 2);
        assertThat(first.items()).extracting(WorkflowState::id).containsExactly("l-4", "l-2");
        var cursor = TaskCursor.parse(String.valueOf(first.next()));
        var second = workflows.list(filter(Set.of(), "even", Map.of(), null), cursor, 2);
        assertThat(second.items()).extracting(WorkflowState::id).containsExactly("l-0");
        assertThat(second.next()).isNull();
    }

    @Test
    void findsTheTasksOfAWorkflowAndTheFirstThatFailed() {
        for (var number = 0; number < 4; number++) {
            fixture.send(member("w-6", number, number == 1 || number == 2 ? TaskState.FAILURE : TaskState.STARTED));
        }
        await().atMost(SOON)
                .until(() -> workflows
                                .tasks(List.of(id("w-6", 0), id("w-6", 1), id("w-6", 2), id("w-6", 3)))
                                .size()
                        == 4);

        assertThat(workflows.failedTasks("w-6", 10))
                .extracting(NodeTask::id)
                .containsExactly(id("w-6", 2), id("w-6", 1));
        assertThat(workflows.failedMembers("w-6", WorkflowIds.ofNode("w-6", "0.0"), 1))
                .extracting(NodeTask::id)
                .containsExactly(id("w-6", 2));
        assertThat(workflows.tasks(List.of("nothing"))).isEmpty();
    }

    @Test
    void fillsTheTablesAgainAfterARebuild() {
        try (var other = new MaterializerFixture(TestStack.createDatabase());
                var running = other.start()) {
            var tables = TestData.tables(other.pool);
            var rows = new WorkflowRepository(other.pool, tables);
            var state = state("w-7", TaskState.SUCCESS, 2, NOON);
            other.send(other.topics.workflowStates(), "w-7", bytes(state));
            await().atMost(SOON).until(() -> rows.find("w-7").isPresent());

            new ResultRebuild(
                            new TaskResultRepository(other.pool, tables),
                            new MaterializedResultRepository(other.pool, tables))
                    .run();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(rows.find("w-7")).contains(state));
            assertThat(running.isActive()).isTrue();
        }
    }

    private static TaskResult member(String workflow, int number, TaskState state) {
        var task = Task.named("ship")
                .id(id(workflow, number))
                .rootId(workflow)
                .groupId(WorkflowIds.ofNode(workflow, "0.0"))
                .build();
        var result =
                TaskResult.of(task, "default", state).revision(1).attempt(1).startedAt(NOON);
        if (state == TaskState.FAILURE) {
            result.error(new TaskError("java.io.IOException", "no route", "at X"))
                    .finishedAt(NOON.plusSeconds(10 - number));
        }
        return result.build();
    }

    private static String id(String workflow, int number) {
        return WorkflowIds.ofTask(workflow, "0.0." + number, 0);
    }

    private static List<String> ids(WorkflowFilter filter) {
        return workflows.list(filter, null, 50).items().stream()
                .map(WorkflowState::id)
                .toList();
    }

    private static WorkflowFilter filter(
            Set<TaskState> states, String name, Map<String, String> labels, Set<String> queues) {
        return new WorkflowFilter(states, name, labels, null, null, queues);
    }

    private static WorkflowState state(String id, TaskState state, long revision, Instant submittedAt) {
        return new WorkflowState(
                id,
                "order",
                Map.of("tenant", "acme"),
                "mail",
                state,
                0,
                revision,
                14,
                10,
                1,
                2,
                4,
                state == TaskState.FAILURE ? new TaskError("java.io.IOException", "no route", null) : null,
                submittedAt,
                state.isFinal() ? submittedAt.plusSeconds(9) : null);
    }

    private static NodeState node(String workflow, String path, TaskState state, long revision, Instant finishedAt) {
        return new NodeState(
                workflow, path, NodeKind.GROUP, "parcels", state, 0, revision, 5, 3, 1, false, null, NOON, finishedAt);
    }

    private static byte[] bytes(Object value) {
        return TaskJson.MAPPER.writeValueAsBytes(value);
    }

    private static void send(WorkflowState state) {
        send(state.id(), bytes(state));
    }

    /** To one partition, so that the order of a test is the order of the topic. */
    private static void send(String key, byte[] value) {
        fixture.producer.send(new ProducerRecord<>(fixture.topics.workflowStates(), 0, key.getBytes(UTF_8), value));
    }
}

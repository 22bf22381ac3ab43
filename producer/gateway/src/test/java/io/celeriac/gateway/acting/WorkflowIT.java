package io.celeriac.gateway.acting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Signature;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.contract.workflow.GroupAppend;
import io.celeriac.contract.workflow.GroupComplete;
import io.celeriac.contract.workflow.Workflow;
import io.celeriac.contract.workflow.WorkflowCommand;
import io.celeriac.contract.workflow.WorkflowIds;
import io.celeriac.contract.workflow.WorkflowNode;
import io.celeriac.contract.workflow.WorkflowRecord;
import io.celeriac.gateway.TestGateway;
import io.celeriac.results.outline.NodeOutline;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Workflows over HTTP; the test stands in for the coordinator and the materializer. */
class WorkflowIT {

    private static final Topics TOPICS = new Topics(TestStack.uniqueName("workflows"));
    private static final LocalDateTime NOON = LocalDateTime.of(2026, 1, 31, 12, 0);
    private static ConfigurableApplicationContext gateway;
    private static Api api;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start(TOPICS.namespace(), "--celeriac.queues=mail");
        api = Api.of(gateway);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void submitsAWorkflowUnderTheIdempotencyKey() {
        var answer = api.post(
                "/api/workflows",
                "{\"name\":\"order\",\"labels\":{\"tenant\":\"acme\"},\"queue\":\"mail\",\"root\":{\"chain\":["
                        + "{\"task\":\"pay\",\"args\":[1]},{\"group\":[{\"task\":\"ship\",\"queue\":\"default\"}]}]}}",
                "Idempotency-Key",
                "order-4711");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        assertThat(answer.text("id")).isEqualTo("order-4711");
        assertThat(answer.location()).isEqualTo("/api/workflows/order-4711");
        assertThat(records("order-4711")).singleElement().isInstanceOfSatisfying(Workflow.class, workflow -> {
            assertThat(workflow.name()).isEqualTo("order");
            assertThat(workflow.labels()).containsEntry("tenant", "acme");
            assertThat(workflow.submittedAt()).isNotNull();
            assertThat(workflow.root().nodes()).hasSize(2);
        });
    }

    @Test
    void makesAnIdWhereThereIsNone() {
        var answer = api.post("/api/workflows", "{\"root\":{\"task\":\"pay\"}}");

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("id")).matches("[0-9a-f-]{14}7.*");
        assertThat(records(answer.text("id"))).hasSize(1);
    }

    @Test
    void refusesWhatBreaksARuleAndNamesTheField() {
        assertThat(api.post("/api/workflows", "{}").fields()).containsExactly("root");
        assertThat(api.post("/api/workflows", "[1]").status()).isEqualTo(400);
        assertThat(api.post("/api/workflows", "{\"id\":\"a\",\"root\":{\"task\":\"pay\"}}", "Idempotency-Key", "b")
                        .fields())
                .containsExactly("id");
        var unknown = api.post(
                "/api/workflows",
                "{\"root\":{\"chain\":[{\"task\":\"pay\"},{\"group\":[{\"task\":\"ship\",\"queue\":\"not-there\"}]}]}}");
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.fields()).containsExactly("root.chain[1].group[0].queue");
        assertThat(api.post("/api/workflows/w/append", "{\"node\":\"0\"}").fields())
                .containsExactly("append");
        assertThat(api.post("/api/workflows/w/complete", "{\"complete\":3}").fields())
                .containsExactly("node");
        assertThat(api.get("/api/workflows?limit=0").fields()).containsExactly("limit");
        assertThat(api.get("/api/workflows?cursor=x").fields()).containsExactly("cursor");
        assertThat(api.get("/api/workflows/w/nodes?under=first").fields()).containsExactly("under");
        assertThat(api.get("/api/workflows/w/nodes?cursor=x").fields()).containsExactly("cursor");
    }

    @Test
    void namesAppendWhereAWorkflowIsTooLarge() {
        var large = "{\"root\":{\"task\":\"pay\",\"args\":[\"" + "x".repeat(1_100_000) + "\"]}}";

        var answer = api.post("/api/workflows", large);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.text("detail")).contains("append");
    }

    @Test
    void namesTheStepThatClaimsAPlaceInAWorkflow() {
        var body =
                "{\"root\":{\"chain\":[{\"task\":\"a\"},{\"task\":\"b\",\"workflow\":{\"id\":\"pay\",\"node\":\"0.0\"}}]}}";
        assertThat(api.post("/api/workflows", body).fields()).containsExactly("root.chain[1].workflow");

        assertThat(api.post("/api/tasks", "{\"task\":\"a\",\"workflow\":{\"id\":\"pay\",\"node\":\"0.0\"}}")
                        .fields())
                .containsExactly("workflow");
        assertThat(api.post("/api/tasks/batch", "[{\"task\":\"a\",\"workflow\":{\"id\":\"pay\",\"node\":\"0.0\"}}]")
                        .fields())
                .containsExactly("[0].workflow");
    }

    @Test
    void namesTheCallThatRevokesAWorkflow() {
        task("not-a-task", Workflow.QUEUE, "STARTED", "not-a-task", null);

        var answer = api.post("/api/tasks/not-a-task/revoke", "{}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("detail")).contains("POST /api/workflows/not-a-task/revoke");
    }

    @Test
    void sendsFurtherMembersAndTheirEndInOrder() {
        assertThat(api.post(
                                "/api/workflows/open/append",
                                "{\"node\":\"0.1\",\"from\":2,\"append\":[{\"task\":\"ship\"}]}")
                        .status())
                .isEqualTo(202);
        assertThat(api.post("/api/workflows/open/complete", "{\"node\":\"0.1\",\"complete\":3}")
                        .status())
                .isEqualTo(202);

        assertThat(records("open"))
                .containsExactly(
                        new GroupAppend(
                                "open",
                                "0.1",
                                2,
                                List.of(WorkflowNode.task(
                                        Signature.of(Task.named("ship").build())))),
                        new GroupComplete("open", "0.1", 3));
    }

    @Test
    void revokesAndRetries() {
        workflow("failed", "FAILURE", null);
        workflow("running", "STARTED", null);

        assertThat(api.post("/api/workflows/running/revoke", "{\"terminate\":true}")
                        .status())
                .isEqualTo(202);
        var retried = api.post("/api/workflows/failed/retry", "{}");
        assertThat(retried.status()).isEqualTo(202);
        assertThat(retried.text("id")).isEqualTo(WorkflowIds.ofRun("failed", 1));
        assertThat(retried.text("retryOf")).isEqualTo("failed");
        assertThat(api.post("/api/workflows/running/retry", "{}").status()).isEqualTo(409);
        assertThat(api.post("/api/workflows/nothing/retry", "{}").status()).isEqualTo(404);
        assertThat(api.post("/api/workflows/running/revoke", "{\"terminate\":1}")
                        .fields())
                .containsExactly("terminate");

        assertThat(records("running")).singleElement().isInstanceOfSatisfying(WorkflowCommand.class, command -> {
            assertThat(command.command()).isEqualTo(WorkflowCommand.Kind.REVOKE);
            assertThat(command.terminate()).isTrue();
            assertThat(command.at()).isNotNull();
        });
        assertThat(records("failed"))
                .singleElement()
                .isInstanceOfSatisfying(
                        WorkflowCommand.class,
                        command -> assertThat(command.command()).isEqualTo(WorkflowCommand.Kind.RETRY));
    }

    @Test
    void refusesToRetryAWorkflowAsATask() {
        task("as-task", Workflow.QUEUE, "FAILURE", "as-task", null);

        var answer = api.post("/api/tasks/as-task/retry", "{}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text("detail")).contains("POST /api/workflows/as-task/retry");
    }

    @Test
    void listsAndShowsWorkflows() {
        workflow("shown", "STARTED", null);
        task(WorkflowIds.ofTask("shown", "0.0", 0), "mail", "STARTED", "shown", null);
        task("shown", Workflow.QUEUE, "STARTED", "shown", null);

        var list = api.get("/api/workflows?name=name-shown&state=STARTED&label=tenant:acme");
        var one = api.get("/api/workflows/shown");

        assertThat(list.body().path("items").size()).isEqualTo(1);
        assertThat(list.body().path("items").path(0).path("id").asString()).isEqualTo("shown");
        assertThat(api.get("/api/workflows?name=name-shown&state=FAILURE")
                        .body()
                        .path("items")
                        .isEmpty())
                .isTrue();
        assertThat(one.body().path("tasks").asInt()).isEqualTo(14);
        assertThat(one.body().path("succeeded").asInt()).isEqualTo(7);
        assertThat(one.body().path("underWay").asInt()).isEqualTo(3);
        assertThat(one.text("queue")).isEqualTo("mail");
        assertThat(api.get("/api/workflows/not-there").status()).isEqualTo(404);
    }

    @Test
    void showsTheNodesWithTheStatesOfTheirTasks() {
        var ship = WorkflowNode.task(Signature.of(Task.named("ship").build()));
        workflow(
                "tree",
                "FAILURE",
                WorkflowNode.chain(List.of(
                        ship,
                        WorkflowNode.group(IntStream.range(0, 40)
                                        .mapToObj(member -> ship)
                                        .toList())
                                .named("parcels"),
                        ship)));
        node("tree", "0.1", TaskState.FAILURE, 40, 40, 2);
        task(WorkflowIds.ofTask("tree", "0.0", 0), "mail", "SUCCESS", "tree", null);
        task(WorkflowIds.ofTask("tree", "0.1.7", 0), "mail", "FAILURE", "tree", WorkflowIds.ofNode("tree", "0.1"));

        var root = api.get("/api/workflows/tree/nodes").body();
        var first = api.get("/api/workflows/tree/nodes?under=0.1&limit=30").body();
        var second = api.get("/api/workflows/tree/nodes?under=0.1&limit=30&cursor="
                        + first.path("cursor").asString())
                .body();

        assertThat(states(root)).containsExactly("0.0 SUCCESS", "0.1 FAILURE", "0.2 ");
        assertThat(root.path("node").path("nodes").path(1).path("name").asString())
                .isEqualTo("parcels");
        assertThat(first.path("node").path("nodes").size()).isEqualTo(30);
        assertThat(states(first)).contains("0.1.7 FAILURE");
        assertThat(first.path("node").path("firstFailed").path(0).path("id").asString())
                .isEqualTo(WorkflowIds.ofTask("tree", "0.1.7", 0));
        assertThat(second.path("node").path("nodes").size()).isEqualTo(10);
        assertThat(second.has("cursor") && !second.path("cursor").isNull()).isFalse();
        assertThat(api.get("/api/workflows/tree/nodes?under=0.9").status()).isEqualTo(404);
    }

    @Test
    void drawsTheTreeOnItsPage() {
        var ship = WorkflowNode.task(Signature.of(Task.named("ship").build()));
        var many = WorkflowNode.group(
                        IntStream.range(0, 200).mapToObj(member -> ship).toList())
                .named("parcels");
        var chord = WorkflowNode.chord(
                WorkflowNode.group(List.of(ship, ship)),
                WorkflowNode.task(Signature.of(Task.named("close").build())));
        workflow("drawn", "FAILURE", WorkflowNode.chain(List.of(ship, many, chord)));
        node("drawn", "0.1", TaskState.FAILURE, 200, 150, 3);
        var failed = WorkflowIds.ofTask("drawn", "0.1.7", 0);
        task(failed, "mail", "FAILURE", "drawn", WorkflowIds.ofNode("drawn", "0.1"));
        task("drawn", Workflow.QUEUE, "FAILURE", "drawn", null);

        for (var language : List.of("en", "zh-CN")) {
            var page = page("/workflows/drawn?lang=" + language);

            assertThat(page)
                    .contains("flow-chain", "flow-group", "flow-sum", "parcels", "close", "/tasks/" + failed)
                    .contains("group:" + WorkflowIds.ofNode("drawn", "0.1"))
                    .doesNotContain("??", " style=\"");
        }
        assertThat(page("/workflows/drawn?under=0.2"))
                .contains("close", "<li><p class=\"kind\"><b>Body</b>")
                .doesNotContain("parcels");
        assertThat(page("/workflows/drawn"))
                .contains("147", "popovertarget=\"retry\"", "(state:FAILURE%20OR%20state:REVOKED)\">Those that");
        assertThat(page("/workflows?name=name-drawn")).contains("/workflows/drawn", "10 of 14");
        assertThat(page("/workflows?name=nobody&label=wrong"))
                .contains("tenant:acme")
                .doesNotContain("/workflows/drawn");
        assertThat(page("/tasks/" + failed)).contains("/workflows/drawn", "name-drawn");
    }

    @Test
    void leadsFromTheTaskOfAWorkflowToItsPage() {
        workflow("led", "STARTED", null);
        task("led", Workflow.QUEUE, "STARTED", "led", null);

        var answer = api.get("/tasks/led");

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.location()).endsWith("/workflows/led");
    }

    private static List<String> states(JsonNode list) {
        return list.path("node")
                .path("nodes")
                .valueStream()
                .map(node ->
                        node.path("path").asString() + " " + node.path("state").asString(""))
                .toList();
    }

    private static void workflow(String id, String state, WorkflowNode tree) {
        JdbcClient.create(gateway.getBean(DataSource.class))
                .sql(
                        "INSERT INTO workflow (id, name, queue, labels, state, run, revision, tasks, ended, failed, revoked,"
                                + " under_way, submitted_at, finished_at, tree) VALUES (:id, :name, 'mail', '{\"tenant\":\"acme\"}', :state, 0, 1,"
                                + " 14, 10, 1, 2, 3, :at, :end, :tree)")
                .param("id", id)
                .param("name", "name-" + id)
                .param("state", state)
                .param("at", NOON)
                .param("end", state.equals("STARTED") ? null : NOON)
                .param("tree", tree == null ? null : NodeOutline.of(tree).json())
                .update();
    }

    private static void node(String workflow, String path, TaskState state, int children, int ended, int failed) {
        JdbcClient.create(gateway.getBean(DataSource.class))
                .sql(
                        "INSERT INTO workflow_node (workflow, path, kind, state, run, revision, children, ended, failed, is_open)"
                                + " VALUES (:workflow, :path, 'GROUP', :state, 0, 1, :children, :ended, :failed, FALSE)")
                .param("workflow", workflow)
                .param("path", path)
                .param("state", state.name())
                .param("children", children)
                .param("ended", ended)
                .param("failed", failed)
                .update();
    }

    private static void task(String id, String queue, String state, String root, String group) {
        JdbcClient.create(gateway.getBean(DataSource.class))
                .sql(
                        "INSERT INTO task_result (id, task, queue, state, attempt, revision, priority, root_id, group_id,"
                                + " submitted_at, finished_at) VALUES (:id, 'ship', :queue, :state, 1, 1, 5, :root, :group, :at, :at)")
                .param("id", id)
                .param("queue", queue)
                .param("state", state)
                .param("root", root)
                .param("group", group)
                .param("at", NOON)
                .update();
    }

    private static String page(String path) {
        try {
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(api.address() + path))
                                    .header("Accept", "text/html")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(path, e);
        }
    }

    /** What the workflows' topic has for an id. */
    private static List<WorkflowRecord> records(String id) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers());
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(TOPICS.workflows()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<WorkflowRecord>();
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.key(), UTF_8).equals(id)) {
                        records.add(TaskJson.workflowRecord(record.value()));
                    }
                });
            }
            return records;
        }
    }
}

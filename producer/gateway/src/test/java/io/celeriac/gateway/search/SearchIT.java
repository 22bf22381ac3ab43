package io.celeriac.gateway.search;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskError;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.TestGateway;
import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.materializer.ResultChange;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.results.table.ResultTables;
import io.celeriac.testkit.TestStack;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** Searches, their completion and explanation, and the numbers of what ended, over HTTP. */
class SearchIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Topics TOPICS = new Topics(TestStack.uniqueName("search"));

    private static ConfigurableApplicationContext program;
    private static Instant now = Instant.EPOCH; // set before the tests, which count relative times from it

    @BeforeAll
    static void start() {
        now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        program = TestGateway.start(TOPICS.namespace(), "--celeriac.results.indexed-arguments=to,customer.id");
        new MaterializedResultRepository(
                        program.getBean(DataSource.class),
                        program.getBean(ResultTables.class),
                        Set.of(ArgumentPath.parse("to"), ArgumentPath.parse("customer.id")))
                .write(
                        List.of(
                                change(task("mail-1", "mail.send", 600), "mail", TaskState.FAILURE, 8_000),
                                change(task("mail-2", "mail.send", 500), "mail", TaskState.SUCCESS, 2_000),
                                change(task("mail-3", "mail.bulk", 400), "mail", TaskState.STARTED, 0),
                                change(task("old-1", "report.daily", 90_000), "default", TaskState.SUCCESS, 9_000),
                                change(task("demo-1", "demo.add", 300), "default", TaskState.FAILURE, 100)),
                        List.of());
    }

    @AfterAll
    static void stop() {
        program.close();
    }

    private static Task task(String id, String name, int secondsAgo) {
        return Task.named(name)
                .id(id)
                .kwarg("to", "ada+" + id + "@example.org")
                .kwarg("customer", Map.of("id", 42))
                .kwarg("subject", "Hello \"" + id + "\"")
                .label("tenant", id.startsWith("mail") ? "acme" : "umbrella corp")
                .submittedAt(now.minusSeconds(secondsAgo))
                .build();
    }

    private static ResultChange change(Task task, String queue, TaskState state, long millis) {
        var started = now.minusSeconds(200);
        return new ResultChange(
                TaskResult.of(task, queue, state)
                        .attempt(1)
                        .error(
                                state == TaskState.FAILURE
                                        ? new TaskError("java.net.SocketTimeoutException", "Read timed out", "at X")
                                        : null)
                        .startedAt(started)
                        .finishedAt(state.isFinal() ? started.plusMillis(millis) : null)
                        .build(),
                now);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | demo-1,mail-3,mail-2,mail-1,old-1",
                "state:failure | demo-1,mail-1",
                "state:FAILURE queue:mail task:mail.* error:timeout took:>5s since:1h -task:demo.* | mail-1",
                "args.to:\"ada+mail-2@example.org\" | mail-2",
                "args.to:ada+mail* -state:STARTED | mail-2,mail-1",
                "args.customer.id:42 until:1h | old-1",
                "args.subject:\"Hello \\\"mail-3\\\"\" | mail-3",
                "label.tenant:\"umbrella corp\" | demo-1,old-1",
                "label.tenant:umbrella* OR id:mail-3 | demo-1,mail-3,old-1",
                "-finished:* | mail-3",
                "(state:SUCCESS OR state:STARTED) since:1h | mail-3,mail-2",
                "\"hello \\\"mail-1\" | mail-1",
                "state:SUCCESS state:FAILURE | ``"
            })
    void findsTasks(String q, String ids) throws Exception {
        var answer = body(get("/api/tasks?q=" + encoded(q)));

        assertThat(String.join(
                        ",",
                        answer.get("items").values().stream()
                                .map(item -> item.get("id").asString())
                                .toList()))
                .isEqualTo(ids);
        assertThat(answer.get("partial").asBoolean()).isFalse();
    }

    @Test
    void combinesASearchWithTheSingleFilters() throws Exception {
        var answer = body(get("/api/tasks?queue=mail&state=FAILURE&state=SUCCESS&limit=1&q=" + encoded("took:>1s")));

        assertThat(answer.get("items").get(0).get("id").asString()).isEqualTo("mail-2");
        var rest = body(get("/api/tasks?queue=mail&state=FAILURE&state=SUCCESS&q=" + encoded("took:>1s") + "&cursor="
                + answer.get("cursor").asString()));
        assertThat(rest.get("items")).hasSize(1);
        assertThat(rest.get("items").get(0).get("id").asString()).isEqualTo("mail-1");
    }

    @Test
    void pointsAtTheCharacterAtFault() throws Exception {
        var answer = get("/api/tasks?q=" + encoded("queue:mail state:FAILUR"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        var problem = body(answer);
        assertThat(problem.get("position").intValue()).isEqualTo(17);
        assertThat(problem.get("errors").get(0).get("field").asString()).isEqualTo("q");
        assertThat(problem.get("caret").asString()).isEqualTo("queue:mail state:FAILUR\n                 ^");
        assertThat(get("/api/tasks/events?q=" + encoded("(a")).statusCode()).isEqualTo(400);
        assertThat(get("/api/tasks?q=" + encoded("args.a..b:1")).statusCode()).isEqualTo(400);
    }

    @Test
    void explainsASearchWithoutRunningIt() throws Exception {
        var answer = body(get("/api/tasks/explain?q=" + encoded("args.to:a error:x hello -worker:w task:a*")));

        assertThat(answer.get("index").asString()).isEqualTo("task_argument_by_value");
        assertThat(answer.get("windowed").asBoolean()).isTrue();
        assertThat(answer.get("query").asString()).isEqualTo("args.to:a error:x hello -worker:w task:a*");
        assertThat(answer.get("warnings").values().stream()
                        .map(one -> one.get("term").asString()))
                .containsExactly("error:x", "hello", "worker:w", "task:a*");
        var fast = body(get("/api/tasks/explain?q=" + encoded("state:FAILURE since:1h")));
        assertThat(fast.get("warnings")).isEmpty();
        assertThat(fast.get("checked")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task:a (queue:b OR queue:c)        | queue:b,queue:c |",
                "queue:b -task:a                    | task:a          |",
                "task:a queue:b schedule:s since:1h |                 | task:a,queue:b",
                "label.x:1 label.y:2 state:FAILURE  |                 | label.y:2,state:FAILURE",
                "parent:a id:b queue:c              | id:b            | queue:c",
                "retryOf:a queue:c                  |                 | queue:c",
                "args.to:1.50                       | args.to:1.50    |",
            })
    void tellsWhatIsComparedRowByRow(String q, String warned, String checked) throws Exception {
        var answer = body(get("/api/tasks/explain?q=" + encoded(q)));

        assertThat(answer.get("warnings").values().stream()
                        .map(one -> one.get("term").asString())
                        .collect(Collectors.joining(",")))
                .isEqualTo(warned == null ? "" : warned);
        assertThat(answer.get("checked").values().stream()
                        .map(one -> one.asString())
                        .collect(Collectors.joining(",")))
                .isEqualTo(checked == null ? "" : checked);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sta            | 0  | state:,started:",
                "state:F        | 6  | FAILURE",
                "-task:ma       | 6  | mail.bulk,mail.send",
                "queue:         | 6  | default,mail",
                "label.t        | 0  | label.tenant:",
                "label.tenant:u | 13 | \"umbrella corp\"",
                "a OR args.     | 5  | args.customer.id:,args.to:",
                "args.to:ada+m  | 8  | ada+mail-1@example.org,ada+mail-2@example.org,ada+mail-3@example.org",
                "worker:        | 7  | ``",
                "took:>         | 5  | ``"
            })
    void completesFieldsAndValues(String q, int position, String candidates) throws Exception {
        var answer = body(get("/api/tasks/complete?q=" + encoded(q)));

        assertThat(answer.get("position").intValue()).isEqualTo(position);
        assertThat(String.join(
                        ",",
                        answer.get("candidates").values().stream()
                                .map(one -> one.get("text").asString())
                                .toList()))
                .isEqualTo(candidates);
    }

    @Test
    void followsWhatASearchFinds() throws Exception {
        var stream = HTTP.sendAsync(
                request("/api/tasks/events?q=" + encoded("took:>5s label.tenant:acme")), BodyHandlers.ofLines());
        var first = CompletableFuture.supplyAsync(() -> stream.join()
                .body()
                .filter(line -> line.startsWith("data: {\"id\":"))
                .findFirst()
                .orElse(""));
        assertThat(stream.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", TestStack.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (var one : List.of(
                    change(task("mail-8", "mail.send", 1), "mail", TaskState.SUCCESS, 4_000),
                    change(task("demo-8", "demo.add", 1), "mail", TaskState.SUCCESS, 6_000),
                    change(task("mail-9", "mail.send", 1), "mail", TaskState.SUCCESS, 6_000))) {
                producer.send(new ProducerRecord<>(
                                TOPICS.results(), "one".getBytes(UTF_8), TaskJson.bytes(one.result())))
                        .get();
            }
        }

        assertThat(first.get(20, TimeUnit.SECONDS)).contains("\"id\":\"mail-9\"");
    }

    @Test
    void tellsTheNumbersOfWhatEnded() throws Exception {
        var answer = body(get("/api/stats?from=" + now.minusSeconds(3_600) + "&step=PT10M"));

        assertThat(answer.get("total").get("succeeded").intValue()).isEqualTo(2);
        assertThat(answer.get("total").get("failed").intValue()).isEqualTo(2);
        assertThat(answer.get("total").get("ran").get("count").intValue()).isEqualTo(4);
        assertThat(answer.get("step").asString()).isEqualTo("PT10M");
        assertThat(answer.get("steps")).hasSizeBetween(7, 8);
        assertThat(answer.get("total").get("submitted").intValue()).isEqualTo(4);
        assertThat(answer.get("queues").values().stream()
                        .map(queue -> queue.get("name").asString()))
                .containsExactly("mail", "default"); // as many ended, and more were submitted
        assertThat(body(get("/api/stats?queue=mail&task=mail.send"))
                        .get("total")
                        .get("failed")
                        .intValue())
                .isEqualTo(1);
        assertThat(get("/api/stats?step=PT90S").statusCode()).isEqualTo(422);
    }

    @Test
    void tellsHowFullAQueueWas() throws Exception {
        var answer = body(get("/api/stats/depth?queue=mail&from=" + now.minusSeconds(3_600) + "&step=PT10M"));

        assertThat(answer.get("queue").asString()).isEqualTo("mail");
        assertThat(answer.get("steps")).hasSizeBetween(7, 8);
        assertThat(answer.get("steps").get(0).has("at")).isTrue();
        assertThat(answer.get("steps").get(0).has("ready")).as("nobody looked").isFalse();
        assertThat(get("/api/stats/depth?queue=mail&step=PT90S").statusCode()).isEqualTo(422);
        assertThat(get("/api/stats/depth?queue=a%20b").statusCode()).isEqualTo(422);
    }

    @Test
    void exportsWhatASearchFindsAsCsv() throws Exception {
        var answer = get("/api/tasks/export?q=" + encoded("state:FAILURE since:1h"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(answer.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"tasks.csv\"");
        assertThat(answer.headers().firstValue("Export-Limit")).contains("100000");
        var lines = answer.body().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("id,task,queue,state,attempt,");
        assertThat(lines.get(1)).startsWith("demo-1,demo.add,default,FAILURE,1,");
        assertThat(lines.get(2)).startsWith("mail-1,mail.send,mail,FAILURE,1,").contains("SocketTimeoutException");
    }

    @Test
    void exportsAllTasksAsJson() throws Exception {
        var answer = body(get("/api/tasks/export?format=json"));

        assertThat(answer.get("complete").asBoolean()).isTrue();
        assertThat(answer.get("items").values().stream()
                        .map(item -> item.get("id").asString()))
                .containsExactly("demo-1", "mail-3", "mail-2", "mail-1", "old-1");
        assertThat(answer.at("/items/3/kwargs/customer/id").asInt()).isEqualTo(42);
    }

    @Test
    void tellsWhatIsWrongBeforeAFileBegins() throws Exception {
        var unreadable = get("/api/tasks/export?q=" + encoded("state:FAILUR"));
        assertThat(unreadable.statusCode()).isEqualTo(400);
        assertThat(body(unreadable).get("position").intValue()).isEqualTo(6);
        var unknown = get("/api/tasks/export?format=xml");
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(body(unknown).at("/errors/0/field").asString()).isEqualTo("format");
    }

    @Test
    void countsWhatAViewFinds() throws Exception {
        var answer = body(get("/api/views/failing-now/count"));

        assertThat(answer.get("count").asInt()).isEqualTo(2);
        assertThat(answer.get("exact").asBoolean()).isTrue();
        assertThat(get("/api/views/nobodys/count").statusCode()).isEqualTo(404);
    }

    @Test
    void saysProblemsInTheLanguageThatIsAskedFor() throws Exception {
        var request = HttpRequest.newBuilder(request("/api/tasks?limit=0").uri())
                .header("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8")
                .build();

        var problem = body(HTTP.send(request, BodyHandlers.ofString()));

        assertThat(problem.at("/errors/0/field").asString()).isEqualTo("limit");
        assertThat(problem.at("/errors/0/message").asString()).isEqualTo("必须在 1 到 500 之间");
        assertThat(body(get("/api/tasks?limit=0")).get("detail").asString()).isEqualTo("limit must be from 1 to 500");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static JsonNode body(HttpResponse<String> answer) {
        return TaskJson.MAPPER.readTree(answer.body());
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(request(path), BodyHandlers.ofString());
    }

    private static HttpRequest request(String path) {
        var port = program.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(60))
                .build();
    }
}

package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.beat.BeatApplication;
import io.celeriac.contract.acl.KafkaProgram;
import io.celeriac.contract.acl.KafkaRights;
import io.celeriac.contract.topic.Topics;
import io.celeriac.embedded.ChildProcess;
import io.celeriac.embedded.FreePorts;
import io.celeriac.embedded.KafkaNodeMain;
import io.celeriac.embedded.KafkaNodeSettings;
import io.celeriac.gateway.GatewayApplication;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import io.celeriac.worker.WorkerApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The programs, each as a Kafka user of its own, with the rights of the table and nothing else. */
class KafkaRightsIT {

    private static final Duration SOON = Duration.ofSeconds(60);

    private final Topics topics = new Topics("celeriac");
    private final TestDatabase database = TestStack.createDatabase();
    private final List<ConfigurableApplicationContext> programs = new ArrayList<>();
    private ChildProcess broker;
    private int users;

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        programs.forEach(ConfigurableApplicationContext::close);
        broker.close();
    }

    /** What the broker has refused. Programs go on without some of their rights, and only warn. */
    private List<String> refused() throws IOException {
        try (var lines = Files.lines(directory.resolve("kafka.log"))) {
            return lines.filter(line -> line.contains("is Denied")).toList();
        }
    }

    @Test
    void sufficeForTasksSchedulesAndControl() throws Exception {
        startBroker();
        var gateway = start(KafkaProgram.GATEWAY, GatewayApplication.application(), "--celeriac.queues=default,exact");
        start(
                KafkaProgram.WORKER,
                WorkerApplication.application(),
                "--celeriac.worker.queues=default,exact",
                "--celeriac.worker.queue.exact.guarantee=exactly_once",
                "--celeriac.demo.output=" + directory.resolve("output.txt"));
        start(KafkaProgram.SCHEDULER, BeatApplication.application());
        var api = "http://127.0.0.1:" + gateway.getEnvironment().getRequiredProperty("local.server.port") + "/api";

        runsTasks(api);
        runsAWorkflow(api);
        firesASchedule(api);
        looksAndControls(api);

        assertThat(refused()).isEmpty();
    }

    private static void runsTasks(String api) {
        expect(202, Http.post(api + "/tasks", "{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"one\"}"));
        expect(202, Http.post(api + "/tasks", """
                {"task": "demo.add", "args": [1, 2], "id": "exact", "queue": "exact",
                 "onSuccess": [{"task": "demo.add", "args": [3]}]}"""));
        expect(202, Http.post(api + "/tasks/batch", "[{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"many\"}]"));
        expect(202, Http.post(api + "/tasks", """
                {"task": "demo.add", "args": ["no number", 2], "id": "dead", "maxAttempts": 1}"""));
        List.of("one", "exact", "many").forEach(id -> awaitState(api, id, "SUCCESS"));
        awaitState(api, "dead", "FAILURE");
    }

    private static void runsAWorkflow(String api) {
        expect(202, Http.post(api + "/workflows", """
                {"id": "flow", "root": {"chord": {
                  "header": [{"task": "demo.add", "args": [1, 2]}, {"task": "demo.add", "args": [3, 4]}],
                  "body": {"task": "demo.sum"}}}}"""));
        awaitState(api, "flow", "SUCCESS");
    }

    private static void firesASchedule(String api) {
        expect(201, Http.post(api + "/schedules", """
                {"name": "often", "task": "demo.add", "args": [1, 2], "kind": "interval", "every": "PT1S"}"""));
        await().atMost(SOON)
                .until(() -> !Http.get(api + "/tasks?schedule=often&state=SUCCESS")
                        .body()
                        .path("items")
                        .isEmpty());
        expect(204, Http.delete(api + "/schedules/often"));
    }

    private static void looksAndControls(String api) {
        expect(202, Http.post(api + "/tasks", """
                {"task": "demo.add", "args": [1, 2], "id": "later", "countdown": "PT1H"}"""));
        awaitState(api, "later", "PENDING");
        for (var path : List.of("/queues", "/queues/default", "/workers", "/handlers", "/dead-letters", "/stats")) {
            expect(200, Http.get(api + path));
        }
        expect(200, 202, Http.post(api + "/queues/default/pause", "{}"));
        expect(200, 202, Http.post(api + "/queues/default/resume", "{}"));
        expect(200, 202, Http.put(api + "/handlers/demo.add/limits", "{\"concurrency\":2}"));
        expect(202, Http.post(api + "/tasks/later/revoke", "{}"));
        awaitState(api, "later", "REVOKED");
        expect(200, 202, Http.post(api + "/queues/default/purge", "{}"));
        await().atMost(SOON)
                .until(() ->
                        !Http.get(api + "/dead-letters").body().path("items").isEmpty());
        expect(202, Http.post(api + "/dead-letters/0/0/replay", "{}"));
    }

    private static void expect(int status, Http.Answer answer) {
        expect(status, status, answer);
    }

    private static void expect(int status, int orStatus, Http.Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isIn(status, orStatus);
    }

    private static void awaitState(String api, String id, String state) {
        await(id + " is " + state)
                .atMost(SOON)
                .until(() -> Http.get(api + "/tasks/" + id).text("state").equals(state));
    }

    /** A broker with a listener for users, and one for its administrator. */
    private void startBroker() throws Exception {
        var ports = FreePorts.pick(3);
        users = ports.get(2);
        var settings = KafkaNodeSettings.single(directory.resolve("kafka"), ports.get(0), ports.get(1))
                .with(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:" + ports.get(0) + ",CONTROLLER://127.0.0.1:" + ports.get(1)
                                + ",USERS://127.0.0.1:" + users)
                .with("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.get(0) + ",USERS://127.0.0.1:" + users)
                .with("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,USERS:SASL_PLAINTEXT")
                .with("listener.name.users.sasl.enabled.mechanisms", "PLAIN")
                .with(
                        "listener.name.users.plain.sasl.jaas.config",
                        login(Arrays.stream(KafkaProgram.values())
                                .map(program -> " user_" + user(program) + "=\"secret\"")
                                .collect(Collectors.joining())))
                .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .with("super.users", "User:ANONYMOUS");
        broker = KafkaNodeMain.start(settings);
        KafkaNodeMain.awaitReady(broker);
        var rights = new KafkaRights(topics);
        try (var admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + ports.get(0)))) {
            admin.createAcls(Arrays.stream(KafkaProgram.values())
                            .flatMap(program -> rights.of(program).stream()
                                    .flatMap(right -> right.bindings("User:" + user(program)).stream()))
                            .toList())
                    .all()
                    .get();
        }
    }

    private ConfigurableApplicationContext start(
            KafkaProgram program, SpringApplicationBuilder application, String... more) {
        var started = application.run(Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--server.address=127.0.0.1",
                                "--celeriac.access.enabled=false",
                                "--spring.jmx.enabled=false",
                                "--spring.kafka.bootstrap-servers=127.0.0.1:" + users,
                                "--spring.kafka.security.protocol=SASL_PLAINTEXT",
                                "--spring.kafka.properties[sasl.mechanism]=PLAIN",
                                "--spring.kafka.properties[sasl.jaas.config]="
                                        + login(" username=\"" + user(program) + "\" password=\"secret\""),
                                "--spring.datasource.url=" + database.jdbcUrl(),
                                "--spring.datasource.username=" + database.username(),
                                "--spring.datasource.password=" + database.password()),
                        Stream.of(more))
                .toArray(String[]::new));
        programs.add(started);
        return started;
    }

    private static String login(String options) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required" + options + ";";
    }

    private static String user(KafkaProgram program) {
        return program.name().toLowerCase(Locale.ROOT);
    }
}

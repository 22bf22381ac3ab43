package io.celeriac.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.contract.topic.Topics;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rows are written by the worker, but no task needs them: a database that is away when a worker starts must keep none from running. It
 * is seen in the health, yet not where an orchestrator would restart or bypass the worker for it.
 */
class WorkerWithoutDatabaseIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Map<String, Object> KAFKA =
            Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers());

    private final Topics topics = new Topics(TestStack.uniqueName("worker"));

    @Test
    void runsTasksAndWritesTheirRowsOnceTheDatabaseIsThere() throws Exception {
        try (var server = DatabaseServer.launch()) {
            var database = server.createDatabase();
            server.stop();
            try (var worker = WorkerApplication.application()
                    .run(
                            "--server.port=0",
                            "--celeriac.namespace=" + topics.namespace(),
                            "--spring.kafka.bootstrap-servers="
                                    + TestStack.kafka().bootstrapServers(),
                            "--spring.datasource.url=" + database.jdbcUrl(),
                            "--spring.datasource.username=" + database.username(),
                            "--spring.datasource.password=" + database.password())) {
                send("first");
                assertThat(awaitResult()).isEqualTo(TaskState.SUCCESS);
                await().atMost(SOON)
                        .until(() -> body(worker, "/actuator/health").contains("failures in a row"));
                assertThat(status(worker, "/actuator/health")).isEqualTo(503);
                assertThat(status(worker, "/actuator/health/readiness")).isEqualTo(200);
                assertThat(status(worker, "/actuator/health/liveness")).isEqualTo(200);

                server.start();
                var jdbc = JdbcClient.create(worker.getBean(DataSource.class));
                await().atMost(SOON)
                        .ignoreExceptions()
                        .until(() -> jdbc.sql("SELECT state FROM task_result WHERE id = 'first'")
                                .query(String.class)
                                .single()
                                .equals("SUCCESS"));
                await().atMost(SOON).until(() -> status(worker, "/actuator/health") == 200);
                assertThat(worker.getBean(MeterRegistry.class)
                                .find("celeriac.results.failures")
                                .meters())
                        .isNotEmpty();
                assertThat(status(worker, "/actuator/prometheus")).isEqualTo(401);
            }
        }
    }

    private void send(String id) {
        try (var producer = new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer())) {
            var task = Task.named("demo.noop").id(id).args(7).build();
            producer.send(new ProducerRecord<>(topics.tasks("default"), id.getBytes(UTF_8), TaskJson.bytes(task)));
        }
    }

    private TaskState awaitResult() {
        try (var consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        TestStack.kafka().bootstrapServers(),
                        "group.id",
                        topics.namespace() + ".test",
                        "auto.offset.reset",
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topics.results()));
            return await().atMost(SOON)
                    .until(
                            () -> StreamSupport.stream(
                                            consumer.poll(Duration.ofMillis(500))
                                                    .spliterator(),
                                            false)
                                    .map(record ->
                                            TaskJson.result(record.value()).state())
                                    .filter(TaskState::isFinal)
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
        }
    }

    private static int status(ConfigurableApplicationContext worker, String path)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request(worker, path), BodyHandlers.ofString())
                .statusCode();
    }

    private static String body(ConfigurableApplicationContext worker, String path)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(request(worker, path), BodyHandlers.ofString())
                .body();
    }

    private static HttpRequest request(ConfigurableApplicationContext worker, String path) {
        var port = worker.getEnvironment().getRequiredProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
    }
}

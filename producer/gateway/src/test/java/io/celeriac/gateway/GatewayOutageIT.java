package io.celeriac.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.task.Task;
import io.celeriac.contract.task.TaskState;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.KafkaCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A database or a broker that goes away must be told to the caller as a 503 within seconds, must not take the gateway
 * down, and must be forgotten by itself when it is back. Without the database one can still submit, and wait.
 */
class GatewayOutageIT {

    private static final Duration FEW_SECONDS = Duration.ofSeconds(15);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void outlivesItsDatabaseAndItsBroker() throws Exception {
        try (var kafka = KafkaCluster.start(1);
                var server = DatabaseServer.launch();
                var program = start(kafka, server)) {
            assertThat(submit(program).statusCode()).isEqualTo(202);

            server.stop();
            assertUnavailable(get(program, "/api/tasks/a"));
            assertUnavailable(get(program, "/api/tasks"));
            assertThat(submit(program).statusCode()).isEqualTo(202);
            waitsForAResult(program, kafka);
            server.start();
            await().atMost(FEW_SECONDS).until(() -> get(program, "/api/tasks").statusCode() == 200);

            kafka.stop(1);
            assertUnavailable(submit(program));
            assertUnavailable(get(program, "/api/dead-letters"));
            kafka.restart(1);
            await().atMost(Duration.ofSeconds(30)).until(() -> submit(program).statusCode() == 202);
            waitsForAResult(program, kafka);
        }
    }

    private static void waitsForAResult(ConfigurableApplicationContext program, KafkaCluster kafka) throws Exception {
        var waiting = HTTP.sendAsync(request(program, "/api/tasks/a-1?wait=30").build(), BodyHandlers.ofString());
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var result = TaskResult.of(Task.named("a").id("a-1").build(), "default", TaskState.SUCCESS)
                    .build();
            producer.send(new ProducerRecord<>("celeriac.results", "a-1".getBytes(UTF_8), TaskJson.bytes(result)))
                    .get();
        }
        assertThat(waiting.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    private static ConfigurableApplicationContext start(KafkaCluster kafka, DatabaseServer server) {
        var database = server.createDatabase();
        return GatewayApplication.application()
                .run(
                        "--server.port=0",
                        "--celeriac.access.enabled=false",
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--spring.datasource.url=" + database.jdbcUrl(),
                        "--spring.datasource.username=" + database.username(),
                        "--spring.datasource.password=" + database.password());
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    private static HttpResponse<String> submit(ConfigurableApplicationContext program)
            throws IOException, InterruptedException {
        var request = request(program, "/api/tasks")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"task\":\"a\"}"))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext program, String path)
            throws IOException, InterruptedException {
        return HTTP.send(request(program, path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext program, String path) {
        var port = program.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(FEW_SECONDS);
    }
}

package io.celeriac.access.actuator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.access.table.AccessTables;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestDatabase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** {@code /actuator} of a program without REST calls, for somebody with and without a token. */
class ActuatorAccessIT {

    private static final String SCRAPER = "cel_mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm4BRiFN";
    private static final String ADMIN = "cel_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1l4kRC";

    private static final String UNKNOWN = "cel_00000000000000000000000000000000000000001A3Ayz";

    private static DatabaseServer server;
    private static TestDatabase database;
    private static ConfigurableApplicationContext program;

    /** Has no {@code @Configuration}: otherwise the scan of this module would find it. */
    @EnableAutoConfiguration
    static class Program {}

    @BeforeAll
    static void start() {
        server = DatabaseServer.launch();
        database = server.createDatabase();
        program = program();
        migrate(database);
    }

    private static void migrate(TestDatabase database) {
        var source = new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
        new AccessTables(source).migrate();
        var jdbc = JdbcClient.create(source);
        insert(jdbc, "scraper", SCRAPER, "metrics:read");
        insert(jdbc, "admin", ADMIN, "user:admin");
    }

    private static void insert(JdbcClient jdbc, String name, String text, String authorities) {
        jdbc.sql("INSERT INTO access_token (id, name, hash, authorities, created_at)"
                        + " VALUES (UUID(), :name, UNHEX(SHA2(:text, 256)), :authorities, UTC_TIMESTAMP(6))")
                .param("name", name)
                .param("text", text)
                .param("authorities", authorities)
                .update();
    }

    private static ConfigurableApplicationContext program(String... more) {
        return programOn(database, more);
    }

    private static ConfigurableApplicationContext programOn(TestDatabase database, String... more) {
        return new SpringApplicationBuilder(Program.class)
                .run(Stream.concat(
                                Stream.of(
                                        "--server.port=0",
                                        "--server.address=127.0.0.1",
                                        "--celeriac.web.enabled=false",
                                        "--celeriac.access.actuator-only=true",
                                        "--celeriac.access.recheck=0s",
                                        "--management.endpoints.web.exposure.include=*",
                                        "--management.endpoint.health.probes.enabled=true",
                                        "--spring.jmx.enabled=false",
                                        "--spring.datasource.url=" + database.jdbcUrl(),
                                        "--spring.datasource.username=" + database.username(),
                                        "--spring.datasource.password=" + database.password()),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        program.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/actuator/health/liveness, 200, 200, 200, 200",
        "/actuator, 401, 401, 200, 403",
        "/actuator/metrics, 401, 401, 200, 403",
        "/actuator/metrics/jvm.memory.used, 401, 401, 200, 403",
        "/actuator/prometheus, 401, 401, 404, 403", // 404: let through, and this program has none
        "/actuator/env, 401, 401, 403, 200",
        "/actuator/beans, 401, 401, 403, 200",
        "/elsewhere, 401, 401, 404, 404",
        "/error, 401, 401, 404, 404"
    })
    void asksForTheTokenThatTheTableNames(String path, int nobody, int stranger, int scraper, int admin) {
        assertThat(get(path, "").statusCode()).isEqualTo(nobody);
        if (stranger != 200) {
            assertThat(get(path, "cel_stolen").statusCode()).isEqualTo(stranger);
        }
        assertThat(get(path, SCRAPER).statusCode()).isEqualTo(scraper);
        assertThat(get(path, ADMIN).statusCode()).isEqualTo(admin);
    }

    @Test
    void changesNothingForAnybody() {
        for (var token : new String[] {SCRAPER, ADMIN}) {
            var answer = send(HttpRequest.newBuilder(uri(program, "local.server.port", "/actuator/loggers/io.celeriac"))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"configuredLevel\":\"TRACE\"}")));

            assertThat(answer.statusCode()).isEqualTo(404);
        }
    }

    @Test
    void asksOnAPortOfItsOwnToo() {
        try (var apart = program("--management.server.port=0", "--management.server.address=127.0.0.1")) {
            var metrics = uri(apart, "local.management.port", "/actuator/metrics");

            assertThat(send(HttpRequest.newBuilder(metrics)).statusCode()).isEqualTo(401);
            assertThat(send(HttpRequest.newBuilder(metrics).header("Authorization", "Bearer " + SCRAPER))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void staysOpenWhereAccessControlIsOff() {
        try (var open = program("--celeriac.access.enabled=false")) {
            assertThat(send(HttpRequest.newBuilder(uri(open, "local.server.port", "/actuator/metrics")))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void trustsAScraperForAMomentWhileTheDatabaseIsAway() {
        try (var impatient = program("--spring.datasource.hikari.connection-timeout=1000")) {
            var metrics = uri(impatient, "local.server.port", "/actuator/metrics");
            await().atMost(Duration.ofSeconds(60)).until(() -> get(metrics, SCRAPER) == 200);
            server.stop();
            try {
                assertThat(get(metrics, SCRAPER)).isEqualTo(200);
                assertThat(get(metrics, UNKNOWN)).isEqualTo(503);
                assertThat(get(uri(impatient, "local.server.port", "/actuator/health/liveness"), SCRAPER))
                        .isEqualTo(200);
            } finally {
                server.start();
            }
        }
    }

    @Test
    void saysThatTheTablesAreMissing() {
        var empty = server.createDatabase();
        try (var early = programOn(empty)) {
            var answer = send(HttpRequest.newBuilder(uri(early, "local.server.port", "/actuator/metrics"))
                    .header("Authorization", "Bearer " + SCRAPER));

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("a gateway brings them");
        }
    }

    private static HttpResponse<String> get(String path, String token) {
        var request = HttpRequest.newBuilder(uri(program, "local.server.port", path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request);
    }

    private static int get(URI address, String token) {
        return send(HttpRequest.newBuilder(address).header("Authorization", "Bearer " + token))
                .statusCode();
    }

    private static URI uri(ConfigurableApplicationContext program, String port, String path) {
        return URI.create("http://127.0.0.1:" + program.getEnvironment().getRequiredProperty(port) + path);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}

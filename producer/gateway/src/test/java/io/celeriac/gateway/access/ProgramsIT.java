package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.gateway.TestGateway;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Programs with tokens, and what every answer has for browsers. */
class ProgramsIT {

    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static SecuredGateway gateway;
    private static JdbcClient jdbc;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start();
        jdbc = JdbcClient.create(gateway.program().getBean(DataSource.class));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void showsATokenOnceAndStoresItsDigest() {
        var created = json(gateway.admin().post("/api/tokens", "{\"name\":\"once\",\"role\":\"viewer\"}"));
        var text = created.get("token").asString();

        assertThat(text).matches("cel_[0-9A-Za-z]{46}");
        assertThat(gateway.admin().get("/api/tokens").body()).contains("once").doesNotContain(text);
        assertThat(gateway.admin().get("/api/tokens/once").body()).doesNotContain(text);
        assertThat(jdbc.sql("SELECT HEX(hash) FROM access_token WHERE name = 'once'")
                        .query(String.class)
                        .single())
                .hasSize(64);
    }

    @Test
    void makesNoSession() {
        var sessions = "SELECT COUNT(*) FROM access_session";
        var before = jdbc.sql(sessions).query(Long.class).single();
        var answer = gateway.program("plain", "\"role\":\"operator\"").post("/api/tasks", "{\"task\":\"a\"}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        assertThat(jdbc.sql(sessions).query(Long.class).single()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "cel_0000000000000000000000000000000000000000000000",
                "cel_00000000000000000000000000000000000000000OGSPa"
            })
    void refusesATokenThatIsNotKnown(String text) {
        var answer = gateway.nobody().withToken(text).get("/api/tasks");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
                .contains("Bearer")
                .contains("invalid_token");
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
    }

    @Test
    void refusesAWrongTokenAlsoBesideAGoodSession() {
        assertThat(gateway.admin()
                        .call("GET", "/api/tasks", "", "Authorization", "Bearer cel_wrong")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void asksForCredentialsAndSaysHow() {
        var answer = gateway.nobody().get("/api/tasks");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"celeriac\"");
    }

    @Test
    void endsAnExpiredToken() {
        var expires = Instant.ofEpochMilli(System.currentTimeMillis()).plusSeconds(3);
        var program = gateway.program("short", "\"role\":\"viewer\",\"expiresAt\":\"" + expires + "\"");
        assertThat(program.get("/api/me").statusCode()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> program.get("/api/me").statusCode() == 401);
    }

    @Test
    void endsARevokedTokenAtOnceHereAndSoonElsewhere() {
        var program = gateway.program("revoked", "\"role\":\"viewer\"");
        try (var second = TestGateway.startSecured(gateway.namespace(), gateway.database())) {
            var there = program.at(second);
            assertThat(there.get("/api/me").statusCode()).isEqualTo(200);

            gateway.admin().call("DELETE", "/api/tokens/revoked", "");

            assertThat(program.get("/api/me").statusCode()).isEqualTo(401);
            await().atMost(RECHECK.plusSeconds(3))
                    .until(() -> there.get("/api/me").statusCode() == 401);
        }
    }

    @Test
    void notesTheLastUse() {
        gateway.program("used", "\"role\":\"viewer\"").get("/api/me");

        assertThat(json(gateway.admin().get("/api/tokens/used")).path("usedAt").asString())
                .endsWith(":00Z");
    }

    @Test
    void refusesToMakeUsersWithoutTheAuthority() {
        var operator = gateway.program("operator", "\"role\":\"operator\"");

        var answer =
                operator.post("/api/users", "{\"name\":\"x\",\"password\":\"long enough it is\",\"role\":\"admin\"}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("user:admin");
    }

    @Test
    void bindsBrowsersByHeaders() {
        var answer = gateway.nobody().get("/api/session");

        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("Cross-Origin-Opener-Policy")).contains("same-origin");
        assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        assertThat(gateway.nobody().get("/api/tasks").headers().firstValue("Content-Security-Policy"))
                .isPresent();
    }

    @Test
    void showsTheDescriptionOfTheApiToEverybody() {
        var page = gateway.nobody().get("/api/swagger-ui/index.html");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("script-src 'self';")
                .contains("style-src 'self' 'unsafe-inline'");
        assertThat(page.body()).doesNotContain("<script>").doesNotContain("onload=");
        assertThat(json(gateway.nobody().get("/api/openapi")).path("paths").propertyNames())
                .contains("/api/session", "/api/setup", "/api/tokens", "/api/users", "/api/audit", "/api/me");
    }

    @Test
    void stopsATokenWithItsCreator() {
        var boss = gateway.person("boss", "\"role\":\"admin\"");
        var hers = tokenOf(boss, "hers", false);
        var kept = tokenOf(boss, "kept", true);
        assertThat(hers.get("/api/users").statusCode()).isEqualTo(200);

        assertThat(gateway.admin().post("/api/users/boss/disable", "").statusCode())
                .isEqualTo(204);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hers.get("/api/users").statusCode() == 401);
        assertThat(kept.get("/api/users").statusCode()).isEqualTo(200);

        assertThat(gateway.admin().post("/api/users/boss/enable", "").statusCode())
                .isEqualTo(204);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hers.get("/api/users").statusCode() == 200);

        assertThat(gateway.admin().call("DELETE", "/api/users/boss", "").statusCode())
                .isEqualTo(204);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hers.get("/api/users").statusCode() == 401);
        assertThat(kept.get("/api/users").statusCode()).isEqualTo(200);
    }

    private static Client tokenOf(Client creator, String name, boolean outlives) {
        var made = creator.post(
                "/api/tokens", "{\"name\":\"" + name + "\",\"role\":\"admin\",\"outlivesCreator\":" + outlives + "}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return gateway.nobody().withToken(json(made).get("token").asString());
    }

    @Test
    void keepsCredentialsOfServersToItself() {
        for (var path : new String[] {"/actuator", "/actuator/health", "/actuator/env", "/actuator/prometheus"}) {
            assertThat(gateway.admin().get(path).body())
                    .as(path)
                    .doesNotContain(gateway.database().jdbcUrl());
        }
        assertThat(gateway.admin().get("/actuator/env").statusCode()).isEqualTo(404);
        assertThat(gateway.nobody().get("/actuator/prometheus").statusCode()).isEqualTo(401);
        assertThat(gateway.nobody().get("/actuator/health/readiness").statusCode())
                .isEqualTo(200);
    }
}

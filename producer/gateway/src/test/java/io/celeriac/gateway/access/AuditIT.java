package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.gateway.TestGateway;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The record of who did what. */
class AuditIT {

    private SecuredGateway gateway;

    @BeforeEach
    void start() {
        gateway = SecuredGateway.start();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private List<JsonNode> rows(String query) {
        return json(gateway.admin().get("/api/audit" + query))
                .get("items")
                .valueStream()
                .toList();
    }

    @Test
    void recordsChangesRefusalsAndLooksButNoSubmissionsByTokens() {
        var program = gateway.program("shop", "\"role\":\"operator\"");
        program.post("/api/tasks", "{\"task\":\"a\",\"id\":\"by-token\"}");
        program.post("/api/tasks/by-token/revoke", "{\"terminate\":true}");
        program.post("/api/users", "{}");
        var person = gateway.person("ada", "\"role\":\"operator\"");
        person.post("/api/tasks", "{\"task\":\"a\",\"id\":\"by-person\"}");
        person.get("/api/tasks?task=a");
        person.get("/api/tasks?task=a");
        gateway.nobody().post("/api/session", "{\"user\":\"eve\",\"password\":\"wrong password\"}");

        assertThat(rows("?who=shop").stream().map(AuditIT::told))
                .containsExactly("403 POST /api/users", "202 POST /api/tasks/{id}/revoke");
        assertThat(rows("?who=ada").stream().map(AuditIT::told))
                .containsExactly("200 GET /api/tasks", "202 POST /api/tasks", "204 POST /api/session");
        assertThat(rows("?who=ada").get(1).get("detail").asString()).isEqualTo("/api/tasks/by-person");
        assertThat(rows("?who=eve").stream().map(AuditIT::told)).containsExactly("401 POST /api/session");
        assertThat(rows("?target=/api/tasks/by-token/revoke")
                        .get(0)
                        .get("source")
                        .asString())
                .isEqualTo("127.0.0.1");
    }

    private static String told(JsonNode row) {
        return row.get("status").asInt() + " " + row.get("action").asString();
    }

    @Test
    void pagesAndExports() {
        IntStream.range(0, 5)
                .forEach(number -> gateway.admin().post("/api/tasks", "{\"task\":\"a\",\"id\":\"n-" + number + "\"}"));

        var first = json(gateway.admin().get("/api/audit?limit=3"));
        var second = json(gateway.admin().get("/api/audit?limit=3&before=" + first.get("before")));
        var csv = gateway.admin().call("GET", "/api/audit?limit=2", "", "Accept", "text/csv");

        assertThat(first.get("items")).hasSize(3);
        assertThat(second.get("items").get(0).get("seq").asLong())
                .isEqualTo(first.get("before").asLong() - 1);
        assertThat(csv.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(csv.body().lines()).hasSize(3).first().asString().startsWith("seq,at,who");
    }

    @Test
    void exportsAllRowsOrNone() {
        var jdbc = new JdbcTemplate(gateway.program().getBean(DataSource.class));
        jdbc.batchUpdate(
                "INSERT INTO access_audit (seq, at, who, kind, action, target, source, status, detail, previous, hash)"
                        + " VALUES (?, '2026-01-31 12:00:00', 'many', 'user', 'GET /', '/', '127.0.0.1', 200, '',"
                        + " REPEAT('a', 32), REPEAT('a', 32))",
                IntStream.rangeClosed(100_001, 102_500)
                        .mapToObj(seq -> new Object[] {seq})
                        .toList());

        var all = gateway.admin().get("/access/audit/export?who=many");
        var refused = gateway.admin().get("/access/audit/export?from=yesterday");

        assertThat(all.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/csv");
        assertThat(all.body().lines()).hasSize(2_501).anyMatch(line -> line.startsWith("100001,"));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.headers().firstValue("Content-Disposition")).isEmpty();
        assertThat(refused.body()).doesNotContain("seq,at,who");
    }

    @Test
    void noticesAChangedADeletedAndACutRow() {
        IntStream.range(0, 6)
                .forEach(number -> gateway.admin().post("/api/tasks", "{\"task\":\"a\",\"id\":\"n-" + number + "\"}"));
        var jdbc = JdbcClient.create(gateway.program().getBean(DataSource.class));
        assertThat(verified().get("whole").asBoolean()).isTrue();

        jdbc.sql("UPDATE access_audit SET who = 'eve' WHERE seq = 4").update();
        assertThat(verified().get("brokenAt").asLong()).isEqualTo(4);
        jdbc.sql("UPDATE access_audit SET who = 'admin' WHERE seq = 4").update();
        assertThat(verified().get("whole").asBoolean()).isTrue();

        var last =
                jdbc.sql("SELECT MAX(seq) FROM access_audit").query(Long.class).single();
        jdbc.sql("DELETE FROM access_audit WHERE seq = :last")
                .param("last", last)
                .update();
        assertThat(verified().get("brokenAt").asLong()).isEqualTo(last);
        jdbc.sql("DELETE FROM access_audit WHERE seq = 2").update();
        assertThat(verified().get("brokenAt").asLong()).isEqualTo(3);
        assertThat(verified().get("breaks").asLong()).isEqualTo(2);
    }

    private JsonNode verified() {
        return json(gateway.admin().get("/api/audit/verify"));
    }

    /** Two gateways append to one chain: no row is lost, none has two successors, and nobody waits for long. */
    @Test
    void keepsOneChainWithManyWritersOnTwoGateways() {
        var program = gateway.program("many", "\"role\":\"operator\"");
        try (var second = TestGateway.startSecured(gateway.namespace(), gateway.database())) {
            var before = rows("?limit=1").get(0).get("seq").asLong();
            var threads = Executors.newFixedThreadPool(16);
            Stream<ConfigurableApplicationContext> gateways = Stream.of(gateway.program(), second);
            CompletableFuture.allOf(gateways.flatMap(at -> IntStream.range(0, 100)
                                    .mapToObj(number -> CompletableFuture.runAsync(
                                            () -> assertThat(program.at(at)
                                                            .post("/api/tasks/t-" + number + "/revoke", "")
                                                            .statusCode())
                                                    .isEqualTo(202),
                                            threads)))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
            threads.shutdown();

            assertThat(rows("?limit=1").get(0).get("seq").asLong()).isEqualTo(before + 200);
            assertThat(verified().get("whole").asBoolean()).isTrue();
        }
    }
}

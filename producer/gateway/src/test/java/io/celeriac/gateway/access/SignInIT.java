package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static io.celeriac.gateway.access.SecuredGateway.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.access.session.UserSessions;
import io.celeriac.access.user.Users;
import io.celeriac.gateway.TestGateway;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

/** People: the first administrator, sessions, passwords. */
class SignInIT {

    private static SecuredGateway gateway;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void tellsWhoAsks() {
        assertThat(json(gateway.nobody().get("/api/session")))
                .hasToString("{\"access\":\"required\",\"kind\":\"anonymous\",\"authorities\":[]}");
        var admin = json(gateway.admin().get("/api/session"));
        assertThat(admin.path("user").asString()).isEqualTo("admin");
        assertThat(admin.path("authorities").toString()).contains("user:admin");
        assertThat(admin.path("csrf").path("header").asString()).isEqualTo("X-CSRF-TOKEN");
    }

    @Test
    void makesOneFirstAdministratorOnly() {
        var answer = gateway.nobody()
                .post("/api/setup", "{\"token\":\"x\",\"user\":\"eve\",\"password\":\"" + PASSWORD + "\"}");

        assertThat(answer.statusCode()).isEqualTo(409);
    }

    @Test
    void givesACookieThatNoScriptReads() {
        gateway.person("cookie", "\"role\":\"viewer\"");
        var answer = gateway.nobody().post("/api/session", "{\"user\":\"cookie\",\"password\":\"" + PASSWORD + "\"}");

        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("celeriac_session=")
                .contains("HttpOnly", "SameSite=Lax")
                .doesNotContain("Secure");
        var proxied = gateway.nobody()
                .call(
                        "POST",
                        "/api/session",
                        "{\"user\":\"cookie\",\"password\":\"" + PASSWORD + "\"}",
                        "X-Forwarded-Proto",
                        "https");
        assertThat(proxied.headers().firstValue("Set-Cookie").orElseThrow()).contains("Secure");
    }

    @Test
    void makesANewSessionAtEachSignIn() {
        var ada = gateway.person("ada", "\"role\":\"viewer\"");
        var before = json(ada.get("/api/me/sessions")).get("items");
        ada.signIn("ada", PASSWORD);
        var after = json(ada.get("/api/me/sessions")).get("items");

        assertThat(before).hasSize(1);
        assertThat(after).hasSize(1);
        assertThat(after.get(0).get("id")).isNotEqualTo(before.get(0).get("id"));
        assertThat(after.get(0).get("current").asBoolean()).isTrue();
    }

    @Test
    void needsTheTokenOfTheSessionForAChange() {
        var bea = gateway.person("bea", "\"role\":\"operator\"").forgetCsrf();

        var answer = bea.post("/api/tasks", "{\"task\":\"a\"}");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("X-CSRF-TOKEN");
        assertThat(bea.learnCsrf().post("/api/tasks", "{\"task\":\"a\"}").statusCode())
                .isEqualTo(202);
    }

    @Test
    void answersAlikeForUnknownDisabledAndWrong() {
        gateway.person("cid", "\"role\":\"viewer\"");
        gateway.admin().post("/api/users/cid/disable", "");
        gateway.person("dan", "\"role\":\"viewer\"");

        var answers = IntStream.range(0, 3)
                .mapToObj(
                        number -> java.util.List.of("nobody-here", "cid", "dan").get(number))
                .map(user -> gateway.nobody()
                        .post("/api/session", "{\"user\":\"" + user + "\",\"password\":\"wrong password\"}"))
                .toList();

        assertThat(answers).extracting(answer -> answer.statusCode()).containsOnly(401);
        assertThat(answers)
                .extracting(answer -> answer.body())
                .hasSize(3)
                .containsOnly(answers.get(0).body());
    }

    @Test
    void takesNamesExactly() {
        gateway.person("joe", "\"role\":\"viewer\"");

        for (var name : java.util.List.of("joe ", "Joe", " joe")) {
            assertThat(gateway.nobody()
                            .post("/api/session", "{\"user\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                            .statusCode())
                    .as("[" + name + "]")
                    .isEqualTo(401);
        }
    }

    @Test
    void keepsTheSessionWhenANewPasswordIsRefused() {
        var kim = gateway.person("kim", "\"role\":\"viewer\"");

        var answer = kim.call("PUT", "/api/me/password", "{\"current\":\"" + PASSWORD + "\",\"new\":\"short\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(kim.get("/api/me").statusCode()).isEqualTo(200);
    }

    @Test
    void slowsGuessesDownOnAllGateways() {
        gateway.person("eli", "\"role\":\"viewer\"");
        var nobody = gateway.nobody();
        try (var second = TestGateway.startSecured(gateway.namespace(), gateway.database())) {
            IntStream.range(0, 5)
                    .forEach(guess -> assertThat(nobody.post("/api/session", wrong("eli", guess))
                                    .statusCode())
                            .isEqualTo(401));

            // a delay begins with the attempt: on a busy machine the first may be over before the answer is there
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                var here = nobody.post("/api/session", wrong("eli", 6));
                return here.statusCode() == 429
                        && here.headers().firstValueAsLong("Retry-After").orElse(0) >= 5;
            });
            var there = Client.nobody(second).post("/api/session", wrong("eli", 7));
            assertThat(there.statusCode()).as(there.body()).isEqualTo(429);
            assertThat(gateway.admin().at(second).get("/api/users").statusCode())
                    .as("a session holds on each gateway")
                    .isEqualTo(200);
        }
    }

    private static String wrong(String user, int guess) {
        return "{\"user\":\"" + user + "\",\"password\":\"wrong password " + guess + "\"}";
    }

    @Test
    void endsAllSessionsAtOnce() {
        var first = gateway.person("fay", "\"role\":\"viewer\"");
        var second = gateway.nobody().signIn("fay", PASSWORD);

        assertThat(json(first.get("/api/me/sessions")).get("items")).hasSize(2);
        assertThat(first.call("DELETE", "/api/me/sessions", "").statusCode()).isEqualTo(204);

        assertThat(first.get("/api/me").statusCode()).isEqualTo(401);
        assertThat(second.get("/api/me").statusCode()).isEqualTo(401);
    }

    @Test
    void endsOtherSessionsWithThePassword() {
        var first = gateway.person("gil", "\"role\":\"viewer\"");
        var second = gateway.nobody().signIn("gil", PASSWORD);

        var answer = first.call(
                "PUT", "/api/me/password", "{\"current\":\"" + PASSWORD + "\",\"new\":\"another long password\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(first.get("/api/me").statusCode()).isEqualTo(200);
        assertThat(second.get("/api/me").statusCode()).isEqualTo(401);
        assertThat(gateway.nobody()
                        .post("/api/session", "{\"user\":\"gil\",\"password\":\"" + PASSWORD + "\"}")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void endsASessionThatBeginsWhileThePasswordChanges() {
        gateway.person("mia", "\"role\":\"viewer\"");
        var users = gateway.program().getBean(Users.class);
        var sessions = gateway.program().getBean(UserSessions.class);
        var checked = users.find("mia").orElseThrow();
        var before = new MockHttpServletRequest();
        sessions.begin(checked, before);
        assertThat(sessions.user(before)).isPresent();

        gateway.admin().call("PUT", "/api/users/mia/password", "{\"password\":\"another long password\"}");

        assertThat(users.signedIn(checked)).as("the sign-in is noted").isFalse();
        assertThat(sessions.user(before)).as("begun and not stored yet").isEmpty();
        assertThat(gateway.nobody()
                        .signIn("mia", "another long password")
                        .get("/api/me")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void keepsAnAdministrator() {
        assertThat(gateway.admin().call("DELETE", "/api/users/admin", "").statusCode())
                .isEqualTo(409);
        assertThat(gateway.admin()
                        .call("PUT", "/api/users/admin/grant", "{\"role\":\"viewer\"}")
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void changesAGrantAtOnce() {
        var hal = gateway.person("hal", "\"role\":\"viewer\"");
        assertThat(hal.post("/api/tasks", "{\"task\":\"a\"}").statusCode()).isEqualTo(403);

        gateway.admin().call("PUT", "/api/users/hal/grant", "{\"role\":\"operator\"}");

        assertThat(hal.post("/api/tasks", "{\"task\":\"a\"}").statusCode()).isEqualTo(202);
    }

    @Test
    void refusesAPasswordThatIsTooShort() {
        var answer =
                gateway.admin().post("/api/users", "{\"name\":\"ivy\",\"password\":\"short\",\"role\":\"viewer\"}");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).path("errors").get(0).path("field").asString()).isEqualTo("password");
    }

    @Test
    void narrowsOnlyWhatConcernsAQueue() {
        for (var refused : Map.of(
                        "\"role\":\"admin\",\"queues\":[\"mail\"]", "queues",
                        "\"authorities\":[\"audit:read\"],\"queues\":[\"mail\"]", "queues",
                        "\"role\":\"viewer\",\"queues\":[]", "queues",
                        "\"queues\":[\"mail\"]", "role")
                .entrySet()) {
            var answer = gateway.admin().post("/api/tokens", "{\"name\":\"x\"," + refused.getKey() + "}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
            assertThat(json(answer).path("errors").get(0).path("field").asString())
                    .isEqualTo(refused.getValue());
        }
    }
}

package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Passkeys: registering them, and signing in by them. */
class PasskeyIT {

    private static final String DOMAIN = "celeriac.example.org";
    private static final String ORIGIN = "https://" + DOMAIN;
    private static SecuredGateway gateway;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start("--celeriac.access.passkey.rp-id=" + DOMAIN);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static JsonNode options(Client client, String path) {
        var answer = client.post(path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private static HttpResponse<String> register(Client client, String name, String credential) {
        return client.post("/api/me/passkeys", "{\"name\":\"" + name + "\",\"credential\":" + credential + "}");
    }

    /** Registers a passkey, and tells its id. */
    private static String registered(Client client, SoftAuthenticator browser) {
        var answer = register(client, "laptop", browser.create(options(client, "/api/me/passkeys/options")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return json(answer).path("id").asString();
    }

    private static HttpResponse<String> signIn(Client client, String credential) {
        return client.post("/api/session/passkey", "{\"credential\":" + credential + "}");
    }

    private static HttpResponse<String> signIn(Client client, SoftAuthenticator browser) {
        return signIn(client, browser.sign(options(client, "/api/session/passkey/options")));
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(json(answer).path("detail").asString()).isEqualTo("the passkey was not accepted");
    }

    @Test
    void offersWhatBrowsersTake() {
        var ada = gateway.person("ada", "\"role\":\"viewer\"");

        var creation = options(ada, "/api/me/passkeys/options");
        assertThat(creation.path("rp").path("id").asString()).isEqualTo(DOMAIN);
        assertThat(creation.path("user").path("name").asString()).isEqualTo("ada");
        assertThat(creation.path("challenge").asString()).hasSize(43);
        assertThat(creation.path("timeout").asInt()).isEqualTo(300_000);
        assertThat(creation.path("authenticatorSelection")
                        .path("userVerification")
                        .asString())
                .isEqualTo("required");
        assertThat(creation.path("authenticatorSelection").path("residentKey").asString())
                .isEqualTo("required");
        assertThat(creation.path("pubKeyCredParams")
                        .valueStream()
                        .map(one -> one.path("alg").asInt()))
                .contains(-7, -8);

        var request = options(gateway.nobody(), "/api/session/passkey/options");
        assertThat(request.path("rpId").asString()).isEqualTo(DOMAIN);
        assertThat(request.path("userVerification").asString()).isEqualTo("required");
        assertThat(request.path("allowCredentials")).isEmpty();
    }

    @Test
    void signsInWithTheGrantOfTheUser() {
        var bea = gateway.person("bea", "\"role\":\"operator\",\"queues\":[\"mail\"]");
        var browser = new SoftAuthenticator(ORIGIN);
        registered(bea, browser);
        var other = gateway.nobody();

        var answer = signIn(other, browser);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow()).contains("HttpOnly", "SameSite=Lax");
        var session = json(other.learnCsrf().get("/api/session"));
        assertThat(session.path("user").asString()).isEqualTo("bea");
        assertThat(session.path("queues").toString()).isEqualTo("[\"mail\"]");
        assertThat(session.path("until").isMissingNode()).isFalse();
        assertThat(other.post("/api/tasks", "{\"task\":\"a\",\"queue\":\"mail\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(json(bea.get("/api/me/passkeys"))
                        .path("items")
                        .get(0)
                        .path("usedAt")
                        .isMissingNode())
                .isFalse();
        assertThat(signIn(gateway.nobody(), browser).statusCode()).as("again").isEqualTo(204);
    }

    @Test
    void beginsANewSession() {
        var cid = gateway.person("cid", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        registered(cid, browser);
        var before = json(cid.get("/api/me/sessions")).path("items");

        assertThat(signIn(cid, browser).statusCode()).isEqualTo(204);

        var after = json(cid.get("/api/me/sessions")).path("items");
        assertThat(after).hasSize(1);
        assertThat(after.get(0).path("id")).isNotEqualTo(before.get(0).path("id"));
    }

    @Test
    void recordsThemInTheAudit() {
        var dan = gateway.person("dan", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        var id = registered(dan, browser);
        signIn(gateway.nobody(), browser.at("https://evil.example.org"));
        signIn(gateway.nobody(), browser);
        dan.call("DELETE", "/api/me/passkeys/" + id, "");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(json(gateway.admin().get("/api/audit?who=dan&limit=20"))
                                .path("items")
                                .valueStream()
                                .map(row -> row.path("action").asString() + " "
                                        + row.path("status").asInt()))
                        .contains(
                                "POST /api/me/passkeys 201",
                                "POST /api/session/passkey 401",
                                "POST /api/session/passkey 204",
                                "DELETE /api/me/passkeys/{id} 204"));
    }

    @Test
    void refusesAPageOfAnotherOrigin() {
        var eli = gateway.person("eli", "\"role\":\"viewer\"");
        var elsewhere = new SoftAuthenticator("https://celeriac.example.com");
        var answer = register(eli, "laptop", elsewhere.create(options(eli, "/api/me/passkeys/options")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("credential", ORIGIN);

        var browser = new SoftAuthenticator(ORIGIN);
        registered(eli, browser);
        assertRefused(signIn(gateway.nobody(), browser.at("https://celeriac.example.com")));
    }

    @Test
    void takesAChallengeOnce() {
        var fay = gateway.person("fay", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        var creation = options(fay, "/api/me/passkeys/options");
        assertThat(register(fay, "laptop", browser.create(creation)).statusCode())
                .isEqualTo(201);
        var again = register(fay, "phone", new SoftAuthenticator(ORIGIN).create(creation));
        assertThat(again.statusCode()).as(again.body()).isEqualTo(422);

        var signed = browser.sign(options(gateway.nobody(), "/api/session/passkey/options"));
        assertThat(signIn(gateway.nobody(), signed).statusCode()).isEqualTo(204);
        assertRefused(signIn(gateway.nobody(), signed));
    }

    @Test
    void takesNoChallengeForAnotherPurpose() {
        var gil = gateway.person("gil", "\"role\":\"viewer\"");
        var hal = gateway.person("hal", "\"role\":\"viewer\"");
        var ofGil = options(gil, "/api/me/passkeys/options");

        var answer = register(hal, "laptop", new SoftAuthenticator(ORIGIN).create(ofGil));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(json(answer).path("errors").get(0).path("field").asString()).isEqualTo("credential");

        var browser = new SoftAuthenticator(ORIGIN);
        registered(gil, browser);
        var made = options(gil, "/api/me/passkeys/options");
        assertRefused(signIn(gateway.nobody(), browser.sign(made)));
    }

    @Test
    void refusesACountThatDoesNotGrow() {
        var ida = gateway.person("ida", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        registered(ida, browser);
        assertThat(signIn(gateway.nobody(), browser.countingFrom(10)).statusCode())
                .isEqualTo(204);

        assertRefused(signIn(gateway.nobody(), browser.countingFrom(5)));
        assertRefused(signIn(gateway.nobody(), browser.countingFrom(10)));
        assertThat(signIn(gateway.nobody(), browser.countingFrom(11)).statusCode())
                .isEqualTo(204);
    }

    @Test
    void takesAuthenticatorsThatDoNotCount() {
        var jim = gateway.person("jim", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN).countingFrom(-1);
        registered(jim, browser);

        assertThat(signIn(gateway.nobody(), browser.countingFrom(-1)).statusCode())
                .isEqualTo(204);
        assertThat(signIn(gateway.nobody(), browser.countingFrom(-1)).statusCode())
                .isEqualTo(204);
    }

    @Test
    void refusesAnAuthenticatorThatDoesNotVerifyItsUser() {
        var kim = gateway.person("kim", "\"role\":\"viewer\"");
        var careless = new SoftAuthenticator(ORIGIN).withoutVerification();
        assertThat(register(kim, "laptop", careless.create(options(kim, "/api/me/passkeys/options")))
                        .statusCode())
                .isEqualTo(422);

        var browser = new SoftAuthenticator(ORIGIN);
        registered(kim, browser);
        assertRefused(signIn(gateway.nobody(), browser.withoutVerification()));
    }

    @Test
    void refusesADeletedPasskeyAndADisabledUser() {
        var lea = gateway.person("lea", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        var id = registered(lea, browser);
        gateway.admin().post("/api/users/lea/disable", "");
        assertRefused(signIn(gateway.nobody(), browser));
        gateway.admin().post("/api/users/lea/enable", "");
        assertThat(signIn(gateway.nobody(), browser).statusCode()).isEqualTo(204);

        var again = gateway.nobody().signIn("lea", SecuredGateway.PASSWORD);
        assertThat(again.call("DELETE", "/api/me/passkeys/" + id, "").statusCode())
                .isEqualTo(204);

        assertRefused(signIn(gateway.nobody(), browser));
        assertRefused(signIn(gateway.nobody(), new SoftAuthenticator(ORIGIN)));
    }

    @Test
    void refusesAPasskeyThatNamesAnotherUser() {
        var max = gateway.person("max", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        registered(max, browser);

        assertRefused(signIn(
                gateway.nobody(), browser.claimingToBeOf(UUID.randomUUID().toString())));
    }

    @Test
    void registersAPasskeyOnce() {
        var nan = gateway.person("nan", "\"role\":\"viewer\"");
        var oli = gateway.person("oli", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        registered(nan, browser);

        assertThat(options(nan, "/api/me/passkeys/options").path("excludeCredentials"))
                .hasSize(1);
        var answer = register(oli, "laptop", browser.create(options(oli, "/api/me/passkeys/options")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
        assertThat(json(nan.get("/api/me/passkeys")).path("items")).hasSize(1);
        assertThat(json(oli.get("/api/me/passkeys")).path("items")).isEmpty();
    }

    @Test
    void keepsPasskeysFromOtherUsers() {
        var pam = gateway.person("pam", "\"role\":\"viewer\"");
        var ray = gateway.person("ray", "\"role\":\"admin\"");
        var id = registered(pam, new SoftAuthenticator(ORIGIN));

        assertThat(ray.call("PUT", "/api/me/passkeys/" + id, "{\"name\":\"mine\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(ray.call("DELETE", "/api/me/passkeys/" + id, "").statusCode())
                .isEqualTo(404);
        assertThat(json(ray.get("/api/me/passkeys")).path("items")).isEmpty();

        var renamed = pam.call("PUT", "/api/me/passkeys/" + id, "{\"name\":\"phone\"}");
        assertThat(json(renamed).path("name").asString()).isEqualTo("phone");
        assertThat(json(pam.get("/api/me/passkeys"))
                        .path("items")
                        .get(0)
                        .path("name")
                        .asString())
                .isEqualTo("phone");
    }

    @Test
    void needsTheTokenOfTheSessionToRegister() {
        var sam = gateway.person("sam", "\"role\":\"viewer\"").forgetCsrf();

        assertThat(sam.post("/api/me/passkeys/options", "").statusCode()).isEqualTo(403);
    }

    @Test
    void namesWhatIsWrongWithARequest() {
        var tom = gateway.person("tom", "\"role\":\"viewer\"");
        for (var credential : new String[] {
            "null",
            "{}",
            "[]",
            "7",
            "\"x\"",
            "{\"rawId\":\"AA\",\"response\":{}}",
            "{\"rawId\":\"!\",\"response\":7}",
            "{\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"AA\"}}"
        }) {
            for (var answer :
                    new HttpResponse<?>[] {register(tom, "x", credential), signIn(gateway.nobody(), credential)}) {
                assertThat(answer.statusCode())
                        .as(credential + " " + answer.body())
                        .isEqualTo(422);
                assertThat(answer.body().toString()).contains("credential");
            }
        }
        var garbage = "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"clientExtensionResults\":{},"
                + "\"response\":{\"clientDataJSON\":\"AA\",";
        var made = garbage + "\"attestationObject\":\"AA\"}}";
        assertThat(register(tom, "x", made).statusCode()).isEqualTo(422);
        assertRefused(signIn(gateway.nobody(), garbage + "\"authenticatorData\":\"AA\",\"signature\":\"AA\"}}"));
        assertThat(json(register(tom, " ", made))
                        .path("errors")
                        .get(0)
                        .path("field")
                        .asString())
                .isEqualTo("name");
    }

    /** The library of passkeys brings one for CBOR, which answers must not take up. */
    @Test
    void answersInJsonOnly() {
        for (var path : List.of("/api/users", "/api/tasks", "/api/session", "/api/session/ways")) {
            var answer = gateway.admin().call("GET", path, "", "Accept", "application/cbor");
            assertThat(answer.statusCode()).as(path).isEqualTo(406);
        }
    }

    @Test
    void letsAnAdministratorListAndDeleteThem() {
        var uma = gateway.person("uma", "\"role\":\"viewer\"");
        var browser = new SoftAuthenticator(ORIGIN);
        var id = registered(uma, browser);

        assertThat(json(gateway.admin().get("/api/users/uma/passkeys"))
                        .path("items")
                        .get(0)
                        .path("name")
                        .asString())
                .isEqualTo("laptop");
        assertThat(gateway.admin().get("/access/users/uma").body()).contains("laptop", "/passkeys/" + id);
        assertThat(gateway.admin().get("/api/users/nobody/passkeys").statusCode())
                .isEqualTo(404);
        assertThat(gateway.admin()
                        .call("DELETE", "/api/users/admin/passkeys/" + id, "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(uma.get("/api/users/uma/passkeys").statusCode()).isEqualTo(403);

        assertThat(gateway.admin()
                        .call("DELETE", "/api/users/uma/passkeys/" + id, "")
                        .statusCode())
                .isEqualTo(204);

        assertRefused(signIn(gateway.nobody(), browser));
        assertThat(gateway.admin()
                        .get("/api/audit?target=/api/users/uma/passkeys/" + id)
                        .body())
                .contains("DELETE /api/users/{name}/passkeys/{id}", "\"who\":\"admin\"");
    }

    /** Who finds an open browser must not make a way in that lasts. */
    @Test
    void asksForARecentSignIn() {
        var program = gateway.program("maker", "\"authorities\":[\"user:admin\"]");
        try (var other = TestGateway.startSecured(
                gateway.namespace(),
                gateway.database(),
                "--celeriac.access.passkey.rp-id=" + DOMAIN,
                "--celeriac.access.recent-sign-in=0s")) {
            var there = gateway.admin().at(other);
            for (var path : List.of("/api/me/passkeys/options", "/api/me/passkeys", "/api/tokens")) {
                var body = path.endsWith("/options") ? "" : "{\"name\":\"x\",\"role\":\"viewer\"}";
                var refused = there.post(path, body);

                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
                assertThat(json(refused).path("errors").get(0).path("field").asString())
                        .isEqualTo("session");
            }
            assertThat(there.get("/sign-in?again=true&then=/account").body()).contains("data-next=\"/account\"");
            assertThat(there.get("/sign-in?then=/account").statusCode()).isEqualTo(302);
            assertThat(program.at(other)
                            .post("/api/tokens", "{\"name\":\"by-program\",\"role\":\"viewer\"}")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @Test
    void isOffWithoutADomain() {
        var database = TestStack.createDatabase();
        try (var other = TestGateway.startSecured(TestStack.uniqueName("access"), database)) {
            var answer = Client.nobody(other).post("/api/session/passkey/options", "");

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            assertThat(json(answer).path("detail").asString()).contains("celeriac.access.passkey.rp-id");
            var port = other.getEnvironment().getProperty("local.server.port");
            var atLocalhost = Client.at("http://localhost:" + port).post("/api/session/passkey/options", "");
            assertThat(json(atLocalhost).path("rpId").asString()).isEqualTo("localhost");
        }
    }
}

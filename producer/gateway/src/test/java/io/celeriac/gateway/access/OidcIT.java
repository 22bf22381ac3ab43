package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.Client.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jwt.JWTClaimsSet;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestStack;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signing in by OpenID Connect. */
class OidcIT {

    private static final FakeIssuer ISSUER = new FakeIssuer();
    private static SecuredGateway gateway;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start(settings());
    }

    private static String[] settings() {
        return new String[] {
            "--celeriac.access.oidc.issuer=" + ISSUER.address(),
            "--celeriac.access.oidc.name=Shop",
            "--celeriac.access.oidc.timeout=60s",
            "--celeriac.access.oidc.client-id=" + FakeIssuer.CLIENT,
            "--celeriac.access.oidc.client-secret=" + FakeIssuer.SECRET,
            "--celeriac.access.oidc.role-claim=realm.groups",
            "--celeriac.access.oidc.roles.watchers=viewer",
            "--celeriac.access.oidc.roles[ops/night]=operator",
            "--celeriac.access.oidc.roles.chiefs=admin"
        };
    }

    @AfterAll
    static void stop() {
        gateway.close();
        ISSUER.close();
    }

    private static URI sent(Client browser) {
        var answer = browser.get("/api/session/oidc");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return URI.create(answer.headers().firstValue("Location").orElseThrow());
    }

    private static HttpResponse<String> back(Client browser, URI sent, String code) {
        return answered(browser, sent, "code=" + code);
    }

    private static HttpResponse<String> answered(Client browser, URI sent, String answer) {
        var state = FakeIssuer.parameters(sent.getRawQuery()).get("state");
        var encoded = URLEncoder.encode(state, StandardCharsets.UTF_8);
        return browser.get("/api/session/oidc/callback?" + answer + "&state=" + encoded);
    }

    private static UnaryOperator<JWTClaimsSet.Builder> named(String name, String... groups) {
        return claims -> claims.claim("preferred_username", name).claim("realm", Map.of("groups", List.of(groups)));
    }

    private static HttpResponse<String> signIn(
            Client browser, String subject, UnaryOperator<JWTClaimsSet.Builder> claims) {
        var sent = sent(browser);
        return back(
                browser,
                sent,
                ISSUER.code(sent, claims.apply(ISSUER.person(subject, sent)).build()));
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(json(answer).path("detail").asString()).contains(ISSUER.address(), "not accepted");
    }

    @Test
    void tellsTheWays() {
        assertThat(json(gateway.nobody().get("/api/session/ways")))
                .hasToString("{\"password\":true,\"passkey\":false,\"oidc\":{\"name\":\"Shop\","
                        + "\"address\":\"/api/session/oidc\"}}");
    }

    @Test
    void sendsTheBrowserToTheIssuer() {
        var sent = sent(gateway.nobody());

        assertThat(sent.toString()).startsWith(ISSUER.address() + "/authorize?");
        assertThat(FakeIssuer.parameters(sent.getRawQuery()))
                .containsEntry("response_type", "code")
                .containsEntry("client_id", FakeIssuer.CLIENT)
                .containsEntry("code_challenge_method", "S256")
                .containsKeys("state", "nonce", "code_challenge")
                .hasEntrySatisfying(
                        "redirect_uri", callback -> assertThat(callback).endsWith("/api/session/oidc/callback"))
                .hasEntrySatisfying(
                        "scope", scope -> assertThat(scope.split(" ")).contains("openid", "profile"));
    }

    @Test
    void signsInWithTheRoleOfTheClaim() {
        var browser = gateway.nobody();

        var answer = signIn(browser, "s-ada", named("ada", "watchers", "ops/night", "others"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).contains("/");
        var session = json(browser.learnCsrf().get("/api/session"));
        assertThat(session.path("user").asString()).isEqualTo("ada");
        assertThat(session.path("authorities").toString())
                .contains("task:retry")
                .doesNotContain("user:admin");
        assertThat(browser.post("/api/tasks", "{\"task\":\"a\"}").statusCode()).isEqualTo(202);
        var user = json(gateway.admin().get("/api/users/ada"));
        assertThat(user.path("role").asString()).isEqualTo("operator");
        assertThat(user.path("issuer").asString()).isEqualTo(ISSUER.address());
    }

    @Test
    void takesTheRoleAnewAtEachSignIn() {
        var browser = gateway.nobody();
        signIn(browser, "s-bea", named("bea", "chiefs"));
        assertThat(browser.get("/api/users").statusCode()).isEqualTo(200);

        var again = gateway.nobody();
        assertThat(signIn(again, "s-bea", named("renamed", "watchers")).statusCode())
                .isEqualTo(302);

        assertThat(json(again.get("/api/session")).path("user").asString()).isEqualTo("bea");
        assertThat(again.get("/api/users").statusCode()).isEqualTo(403);
        assertThat(browser.get("/api/users").statusCode())
                .as("an earlier session")
                .isEqualTo(403);
    }

    @Test
    void refusesAPersonWithoutARoleAndEndsTheSessionsOfBefore() {
        var before = gateway.nobody();
        signIn(before, "s-cid", named("cid", "watchers"));

        var answer = signIn(gateway.nobody(), "s-cid", named("cid", "others"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
        assertThat(json(answer).path("detail").asString()).contains("cid", "role");
        assertThat(before.get("/api/me").statusCode()).isEqualTo(401);
        assertThat(signIn(gateway.nobody(), "s-new", named("new", "others")).statusCode())
                .isEqualTo(403);
        assertThat(gateway.admin().get("/api/users/new").statusCode()).isEqualTo(404);
    }

    @Test
    void takesOverNoOtherUser() {
        gateway.person("dan", "\"role\":\"admin\"");
        signIn(gateway.nobody(), "s-eli", named("eli", "watchers"));

        var local = signIn(gateway.nobody(), "s-dan", named("dan", "chiefs"));
        var other = signIn(gateway.nobody(), "s-other", named("eli", "chiefs"));

        assertThat(local.statusCode()).as(local.body()).isEqualTo(409);
        assertThat(json(local).path("detail").asString()).contains("dan", "another user");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(409);
    }

    @Test
    void refusesAWrongTokenOfTheIssuer() {
        var good = named("fay", "watchers");
        assertRefused(
                signIn(gateway.nobody(), "s-fay", claims -> good.apply(claims).claim("nonce", "of another")));
        assertRefused(
                signIn(gateway.nobody(), "s-fay", claims -> good.apply(claims).claim("nonce", null)));
        assertRefused(
                signIn(gateway.nobody(), "s-fay", claims -> good.apply(claims).audience("another")));
        assertRefused(
                signIn(gateway.nobody(), "s-fay", claims -> good.apply(claims).issuer("http://127.0.0.1:1")));
        assertRefused(signIn(
                gateway.nobody(),
                "s-fay",
                claims -> good.apply(claims)
                        .issueTime(Date.from(Instant.now().minusSeconds(7200)))
                        .expirationTime(Date.from(Instant.now().minusSeconds(3600)))));
        var browser = gateway.nobody();
        var sent = sent(browser);
        var claims = good.apply(ISSUER.person("s-fay", sent)).build();
        assertRefused(back(browser, sent, ISSUER.forgedCode(sent, claims)));
        assertThat(browser.get("/api/me").statusCode()).isEqualTo(401);
        assertThat(gateway.admin().get("/api/users/fay").statusCode()).isEqualTo(404);
    }

    @Test
    void takesAnAnswerOnceAndInTheBrowserThatAsked() {
        var browser = gateway.nobody();
        var sent = sent(browser);
        var claims =
                named("gil", "watchers").apply(ISSUER.person("s-gil", sent)).build();

        var stolen = back(gateway.nobody(), sent, ISSUER.code(sent, claims));
        assertThat(stolen.statusCode()).as(stolen.body()).isEqualTo(401);
        assertThat(json(stolen).path("detail").asString()).contains("not begun in this browser");

        assertThat(back(browser, sent, ISSUER.code(sent, claims)).statusCode()).isEqualTo(302);
        assertThat(back(browser, sent, ISSUER.code(sent, claims)).statusCode()).isEqualTo(401);
        var other = gateway.nobody();
        var later = sent(other);
        assertThat(back(other, sent, ISSUER.code(later, claims)).statusCode())
                .as("another state")
                .isEqualTo(401);
    }

    @Test
    void keepsNothingOfWhoDoesNotComeBack() {
        var answer = gateway.nobody().get("/api/session/oidc");

        assertThat(answer.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("celeriac_oidc=")
                .contains("Path=/api/session/oidc", "HttpOnly", "SameSite=Lax", "Max-Age=600");
        for (var cookie : List.of("", "!", "e30", "bnVsbA", "W10")) {
            var path = "/api/session/oidc/callback?state=x&code=x";
            var back = gateway.nobody().call("GET", path, "", "Cookie", "celeriac_oidc=" + cookie);
            assertThat(back.statusCode()).as(back.body()).isEqualTo(401);
        }
    }

    @Test
    void tellsWhatTheIssuerRefuses() {
        var browser = gateway.nobody();

        var answer = answered(browser, sent(browser), "error=access_denied");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(json(answer).path("detail").asString()).endsWith("access_denied");
    }

    @ParameterizedTest
    @CsvSource({
        "/tasks?q=queue:mail%20since:1h, /tasks?q=queue:mail%20since:1h",
        "/queues/mail, /queues/mail",
        "//example.org/, /",
        "https://example.org/, /",
        "/\\example.org, /",
        "/sign-in?then=/tasks, /"
    })
    void goesOnToThePageThatWasAskedFor(String then, String page) {
        var browser = gateway.nobody();
        var answer = browser.get("/api/session/oidc?then=" + URLEncoder.encode(then, StandardCharsets.UTF_8));
        var sent = URI.create(answer.headers().firstValue("Location").orElseThrow());
        var claims = named("pia", "watchers").apply(ISSUER.person("s-pia", sent));

        var back = back(browser, sent, ISSUER.code(sent, claims.build()));

        assertThat(back.headers().firstValue("Location")).contains(page);
    }

    @Test
    void showsABrowserThePageForSigningInWithTheReason() {
        var browser = gateway.nobody();
        var asked = URI.create(browser.get("/api/session/oidc?then=%2Fqueues")
                .headers()
                .firstValue("Location")
                .orElseThrow());
        var claims = named("ray", "others").apply(ISSUER.person("s-ray", asked)).build();
        var state = FakeIssuer.parameters(asked.getRawQuery()).get("state");

        var page = browser.call(
                "GET",
                "/api/session/oidc/callback?code=" + ISSUER.code(asked, claims) + "&state="
                        + URLEncoder.encode(state, StandardCharsets.UTF_8),
                "",
                "Accept",
                "text/html,application/xhtml+xml",
                "Accept-Language",
                "zh-CN");
        var strange =
                gateway.nobody().call("GET", "/api/session/oidc/callback?code=x&state=x", "", "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(403);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
        assertThat(page.body()).contains("Shop 未给您任何此处的角色", "data-next=\"/queues\"");
        assertThat(strange.statusCode()).isEqualTo(401);
        assertThat(strange.body()).contains("Shop did not let you in");
        assertThat(browser.get("/api/me").statusCode()).isEqualTo(401);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                json(gateway.admin().get("/api/audit?who=ray")).toString())
                        .contains("callback", "403"));
    }

    @Test
    void refusesADisabledUser() {
        signIn(gateway.nobody(), "s-hal", named("hal", "watchers"));
        gateway.admin().post("/api/users/hal/disable", "");

        assertRefused(signIn(gateway.nobody(), "s-hal", named("hal", "watchers")));
    }

    @Test
    void givesItsUsersNeitherPasswordNorPasskey() {
        var browser = gateway.nobody();
        signIn(browser, "s-ida", named("ida", "watchers"));

        assertThat(gateway.admin()
                        .call("PUT", "/api/users/ida/password", "{\"password\":\"correct horse battery\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(gateway.nobody()
                        .post("/api/session", "{\"user\":\"ida\",\"password\":\"null\"}")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void recordsSignInsInTheAuditWithoutTheCode() {
        signIn(gateway.nobody(), "s-joe", named("joe", "watchers"));
        signIn(gateway.nobody(), "s-joe", named("joe", "others"));

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            var rows = json(gateway.admin().get("/api/audit?who=joe")).path("items");
            assertThat(rows.valueStream()
                            .map(row -> row.path("action").asString() + " "
                                    + row.path("status").asInt()))
                    .containsExactlyInAnyOrder(
                            "GET /api/session/oidc/callback 302", "GET /api/session/oidc/callback 403");
            assertThat(rows.toString()).doesNotContain("code=");
        });
    }

    @Test
    void startsWithoutItsIssuerAndNeedsAnAdministratorFirst() {
        try (var issuer = new FakeIssuer().away(true);
                var program = TestGateway.startSecured(
                        TestStack.uniqueName("access"),
                        TestStack.createDatabase(),
                        "--celeriac.access.oidc.issuer=" + issuer.address(),
                        "--celeriac.access.oidc.client-id=" + FakeIssuer.CLIENT,
                        "--celeriac.access.oidc.client-secret=" + FakeIssuer.SECRET,
                        "--celeriac.access.oidc.timeout=60s",
                        "--celeriac.access.oidc.default-role=viewer")) {
            var browser = Client.nobody(program);
            var away = browser.get("/api/session/oidc");
            assertThat(away.statusCode()).as(away.body()).isEqualTo(503);
            assertThat(away.headers().firstValue("Retry-After")).isPresent();
            assertThat(json(away).path("detail").asString()).contains(issuer.address());

            issuer.away(false);
            var sent = sent(browser);
            var code = issuer.code(sent, issuer.person("s-kim", sent).build());
            issuer.away(true);
            assertThat(back(browser, sent, code).statusCode()).isEqualTo(503);

            issuer.away(false);
            var again = sent(browser);
            var answer = back(
                    browser,
                    again,
                    issuer.code(again, issuer.person("s-kim", again).build()));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
            assertThat(json(answer).path("detail").asString()).contains("administrator");
        }
    }

    @Test
    void isOffWithoutAnIssuer() {
        try (var program = TestGateway.startSecured(TestStack.uniqueName("access"), TestStack.createDatabase())) {
            var answer = Client.nobody(program).get("/api/session/oidc");

            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(json(answer).path("detail").asString()).contains("celeriac.access.oidc.issuer");
            assertThat(json(Client.nobody(program).get("/api/session/ways"))
                            .path("oidc")
                            .isMissingNode())
                    .isTrue();
        }
    }
}

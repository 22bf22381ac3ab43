package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticatorOptions;

/** The console of a gateway that asks for credentials, in a real browser. */
class SecuredConsoleIT {

    private static final String PASSWORD = "correct horse battery";
    private static final String SCRIPT = "<img src=x onerror=alert(1)>";
    private static final Pattern LINK = Pattern.compile("/setup\\?token=(\\S+)");

    private static Installation celeriac;
    private Browser browser;

    /** Becomes the first administrator by the link in the log, which is also a test of it. */
    @BeforeAll
    static void start(@TempDir Path directory) {
        var missing = Browser.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        celeriac = Installation.secured(directory);
        var link = LINK.matcher(celeriac.gateway().log());
        assertThat(link.find()).as("a link in the log").isTrue();
        var setup = page("/setup?token=" + link.group(1));
        try (var first = Browser.start().width(1280)) {
            first.checkLooks(setup);
            first.width(1280).dark(false).open(setup);
            first.find("#password").sendKeys(PASSWORD);
            first.find("#setup-form [type=submit]").click();
            first.awaitAddress(page("/"));
            first.find(".side");
            assertThat(first.complaints()).isEmpty();
            call(first, "POST", "/api/users", Map.of("name", "viewer", "password", PASSWORD, "role", "viewer"));
            call(
                    first,
                    "POST",
                    "/api/users",
                    Map.of("name", "narrow", "password", PASSWORD, "role", "operator", "queues", List.of("other")));
            call(first, "POST", "/api/tasks", Map.of("task", "demo.add", "args", List.of(1, SCRIPT), "id", "one"));
            call(first, "POST", "/api/queues/default/pause", Map.of("note", SCRIPT));
            first.open(setup);
            first.awaitText("There are users already");
        }
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) {
            celeriac.close();
        }
    }

    @BeforeEach
    void open() {
        browser = Browser.start().width(1280).dark(false);
    }

    @AfterEach
    void close() {
        if (browser != null) { // it may not have started
            browser.close();
        }
    }

    @Test
    void goesOnToThePageThatWasAskedForAfterThePassword() {
        browser.open(page("/tasks?q=id:one"));
        browser.awaitAddress("/sign-in");
        browser.find("#user").sendKeys("admin");
        browser.find("#password").sendKeys("not the password", Keys.ENTER);
        assertThat(browser.text("#password-form .error")).isNotBlank();
        browser.find("#password").clear();
        browser.find("#password").sendKeys(PASSWORD, Keys.ENTER);

        browser.awaitAddress("/tasks?q=id");
        browser.awaitText("demo.add");
    }

    /** What somebody planted in the browser before is worth nothing afterwards. */
    @Test
    void givesANewSessionAtSignIn() {
        browser.open(page("/sign-in"));
        browser.driver()
                .manage()
                .addCookie(new Cookie.Builder("celeriac_session", "cGxhbnRlZA==")
                        .path("/")
                        .build());
        signIn(browser, "admin");

        var sessions = browser.driver().manage().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("celeriac_session"))
                .toList();
        assertThat(sessions)
                .isNotEmpty()
                .allSatisfy(cookie -> assertThat(cookie.getValue()).isNotEqualTo("cGxhbnRlZA=="));
        assertThat(sessions)
                .allSatisfy(cookie -> assertThat(cookie.isHttpOnly()).isTrue());
    }

    @Test
    void signsInWithAPasskey() {
        var address = "http://localhost:" + celeriac.gatewayPort(); // browsers make no passkeys for 127.0.0.1
        browser.driver()
                .addVirtualAuthenticator(new VirtualAuthenticatorOptions()
                        .setProtocol(VirtualAuthenticatorOptions.Protocol.CTAP2)
                        .setTransport(VirtualAuthenticatorOptions.Transport.INTERNAL)
                        .setHasResidentKey(true)
                        .setHasUserVerification(true)
                        .setIsUserVerified(true));
        browser.open(address + "/sign-in?then=/account");
        enter(browser, "admin");
        browser.awaitAddress("/account");
        browser.find("#passkey-name").sendKeys("laptop " + SCRIPT);
        browser.find("#passkey-form [type=submit]").click();
        browser.awaitRows("#passkeys tbody tr", 1);
        assertThat(browser.text("#passkeys tbody th")).isEqualTo("laptop " + SCRIPT);
        browser.button("Sign out").click();

        browser.awaitAddress("/sign-in");
        browser.find("#passkey").click();
        browser.awaitAddress(address + "/");
        browser.find(".side");
        assertThat(browser.has("main img")).isFalse();
    }

    @Test
    void showsAViewerNothingThatHeMayNotDoAndRefusesIt() {
        signIn(browser, "viewer");
        for (var page : List.of("/", "/tasks", "/tasks/one", "/queues", "/queues/default", "/workers", "/schedules")) {
            browser.open(page(page));
            browser.find("h1");
            assertThat(changes(browser)).as(page).isEmpty();
        }
        for (var page : List.of("/send", "/schedules/new", "/access/users", "/access/tokens", "/access/audit")) {
            assertThat(status(browser, page)).as(page).isEqualTo(403);
        }
        browser.checkLooks(page("/access/users"));
        browser.width(1280).dark(false).open(page("/access/users"));
        assertThat(browser.text(".side-foot a[href='/account']")).isEqualTo("viewer");
        browser.button("See what you may do").click();
        browser.awaitAddress("/account");
        assertThat(status(browser, "POST", "/api/queues/default/resume", Map.of()))
                .isEqualTo(403);
        assertThat(status(browser, "POST", "/api/tasks", Map.of("task", "demo.add")))
                .isEqualTo(403);
        assertThat(status(browser, "POST", "/api/tasks/one/revoke", Map.of())).isEqualTo(403);
    }

    @Test
    void showsANarrowedOperatorHisQueuesOnly() {
        signIn(browser, "narrow");
        browser.open(page("/tasks?q=id:one"));
        browser.find("h1");
        assertThat(browser.has("[data-row]")).isFalse();
        assertThat(status(browser, "/tasks/one")).isEqualTo(404);
        assertThat(status(browser, "POST", "/api/queues/default/resume", Map.of()))
                .isEqualTo(403);
    }

    @Test
    void refusesAFormOfAnotherSite() {
        signIn(browser, "admin");
        var without = browser.driver()
                .executeAsyncScript("const done = arguments[arguments.length - 1];"
                        + "fetch('/api/queues/default/resume', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'})"
                        + ".then((answer) => done(answer.status));");
        assertThat(without).as("without the token").isEqualTo(403L);
    }

    @Test
    void showsThePagesOfAccessWithoutBarriersInBothLanguages() {
        browser.checkLooks(page("/sign-in"));
        signIn(browser.width(1280).dark(false), "admin");
        for (var page : List.of(
                "/account",
                "/access/users",
                "/access/users/viewer",
                "/access/tokens",
                "/access/audit",
                "/queues/default",
                "/tasks/one")) {
            browser.checkLooks(page(page));
            assertThat(browser.has("main img")).as(page).isFalse();
            browser.open(page(page + "?lang=zh-CN"));
            assertThat(browser.barriers()).as(page).isEmpty();
            assertThat(browser.text()).as(page).doesNotContain("??");
            browser.open(page(page + "?lang=en"));
            assertThat(browser.complaints()).as(page).isEmpty();
        }
    }

    @Test
    void worksBehindAProxyThatAddsAPrefix() {
        try (var proxy = PrefixProxy.start("/ops/celeriac", celeriac.gatewayPort())) {
            browser.open(proxy.page("/queues"));
            browser.awaitAddress(proxy.page("/sign-in"));
            enter(browser, "admin");
            browser.awaitAddress(proxy.page("/queues"));
            browser.driver().findElement(By.linkText("default")).click();
            browser.awaitAddress(proxy.page("/queues/default"));
            browser.awaitText(SCRIPT);
            assertThat(status(browser, proxy.page("/tasks/one"))).isEqualTo(200);
            assertThat(browser.driver().findElements(By.cssSelector("a[href]")))
                    .map(link -> link.getAttribute("href"))
                    .filteredOn(href -> href.startsWith("http://localhost"))
                    .allSatisfy(
                            href -> assertThat(href).startsWith(proxy.page("/").replaceAll("/$", "")));
            assertThat(browser.complaints()).isEmpty();
        }
    }

    /** Buttons and forms that change something of others. */
    private static List<String> changes(Browser browser) {
        return browser.driver().findElements(By.cssSelector("[data-call], [popovertarget]")).stream()
                .filter(WebElement::isDisplayed)
                .map(one -> one.getAttribute("outerHTML"))
                .filter(html ->
                        !html.contains("/api/session") && !html.contains("/api/me") && !html.contains("/api/views"))
                .filter(html -> html.contains("data-call") || html.contains("…"))
                .toList();
    }

    private static void signIn(Browser browser, String user) {
        browser.open(page("/sign-in"));
        enter(browser, user);
        browser.awaitAddress(page("/"));
        browser.find(".side");
    }

    private static void enter(Browser browser, String user) {
        browser.find("#user").sendKeys(user);
        browser.find("#password").sendKeys(PASSWORD, Keys.ENTER);
    }

    /** A call as the page makes it, with the session and its token. */
    private static void call(Browser browser, String method, String path, Map<String, Object> body) {
        assertThat(status(browser, method, path, body)).as(method + " " + path).isBetween(200L, 299L);
    }

    private static long status(Browser browser, String method, String path, Map<String, Object> body) {
        return (Long) browser.driver()
                .executeAsyncScript(
                        "const [method, path, body, done] = arguments;"
                                + "import(document.querySelector('script[src*=\"/console.js\"]').src)"
                                + ".then(({ call }) => call(method, path, body)).then((answer) => done(answer.status));",
                        method,
                        path,
                        body);
    }

    /** The status of a page for who is signed in. */
    private static long status(Browser browser, String path) {
        return (Long) browser.driver()
                .executeAsyncScript(
                        "const [path, done] = arguments;"
                                + "fetch(path, {headers: {Accept: 'text/html'}}).then((answer) => done(answer.status));",
                        path);
    }

    private static String page(String path) {
        return celeriac.page(path);
    }
}

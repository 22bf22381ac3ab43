package io.celeriac.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.page.Page;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Pages that are refused, do not exist or fail, as a browser sees them. */
class ProblemPagesIT {

    private static final Pattern TITLE = Pattern.compile("<h1>([^<]*)</h1>");

    private static SecuredGateway gateway;
    private static Client viewer;

    @BeforeAll
    static void start() {
        gateway = SecuredGateway.start();
        viewer = gateway.person("vera", "\"role\":\"viewer\"");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static HttpResponse<String> page(Client client, String path, String... headers) {
        var all = new String[headers.length + 2];
        all[0] = "Accept";
        all[1] = "text/html,application/xhtml+xml,*/*;q=0.8";
        System.arraycopy(headers, 0, all, 2, headers.length);
        return client.call("GET", path, "", all);
    }

    private static String title(HttpResponse<String> answer) {
        var title = TITLE.matcher(answer.body());
        assertThat(title.find()).as(answer.body()).isTrue();
        return title.group(1);
    }

    /** The navigation, the reader's name, the script with its token. */
    private static void assertFramed(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(answer.headers().firstValue("Cache-Control").orElseThrow()).contains("no-store");
        assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(answer.body())
                .contains(
                        "id=\"side\"", "href=\"/tasks\"", "<a href=\"/account\">vera</a>", "console.js", "href=\"/\"");
    }

    @Test
    void keepTheFrameForWhoMayNotOpenAPage() {
        var answer = page(viewer, "/access/users");

        assertFramed(answer, 403);
        assertThat(title(answer)).isEqualTo("You may not open this page");
        assertThat(answer.body())
                .contains("This page needs user:admin.", "See what you may do", "name=\"celeriac-token\"")
                .doesNotContain("href=\"/access\"");
    }

    @Test
    void keepTheFrameForAWrongAddress() {
        var answer = page(viewer, "/taskz/1?x=1");

        assertFramed(answer, 404);
        assertThat(title(answer)).isEqualTo("There is nothing here");
        assertThat(answer.body())
                .contains("href=\"/tasks#search\"", "No page has this address.")
                .doesNotContain("taskz");
    }

    /** A refused page and an address where nothing is differ only for what anybody can read in the documentation. */
    @Test
    void areTheSameForThingsThatExistAndThatDoNot() {
        var narrow = gateway.person("nora", "\"role\":\"operator\",\"queues\":[\"mail\"]");

        var hidden = page(narrow, "/queues/reports");
        var none = page(narrow, "/queues/none");

        assertThat(hidden.statusCode()).isEqualTo(none.statusCode()).isEqualTo(403);
        assertThat(withoutToken(hidden).replace("reports", "none")).isEqualTo(withoutToken(none));
    }

    private static String withoutToken(HttpResponse<String> answer) {
        return answer.body().replaceFirst("name=\"celeriac-token\" content=\"[^\"]*\"", "");
    }

    @Test
    void keepTheFrameForAQueryThatCannotBeRead() {
        var answer = page(viewer, "/dead-letters/x/1?window=1h");

        assertFramed(answer, 400);
        assertThat(title(answer)).isEqualTo("That cannot be read");
        assertThat(answer.body()).contains("href=\"?\"");
    }

    @Test
    void keepTheFrameForAQueryThatIsNoText() {
        var answer = page(viewer, "/tasks?q=%ff&lang=zh-CN");

        assertFramed(answer, 400);
        assertThat(answer.body()).contains("Q must be percent-encoded UTF-8, without NUL.", "href=\"?\"");
        assertThat(page(gateway.nobody(), "/tasks?q=%ff").statusCode()).isEqualTo(302);
        assertThat(page(viewer, "/access/users?x=%ff").statusCode()).isEqualTo(403);
        assertThat(page(viewer, "/taskz?x=%ff").statusCode()).isEqualTo(404);
        assertThat(page(viewer, "/api/tasks?q=%ff").statusCode()).isEqualTo(400);
        assertThat(viewer.get("/tasks?q=%ff").statusCode()).isEqualTo(400);
    }

    @Test
    void keepTheFrameForAPageThatFails() throws NoSuchMethodException {
        var mapping = gateway.program().getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class);
        var real = mapping.getHandlerMethods().keySet().stream()
                .filter(info -> info.getPatternValues().contains("/actions"))
                .findFirst()
                .orElseThrow();
        mapping.unregisterMapping(real);
        mapping.registerMapping(
                RequestMappingInfo.paths("/actions")
                        .options(mapping.getBuilderConfiguration())
                        .build(),
                new FailingPage(),
                FailingPage.class.getDeclaredMethod("show"));

        var answer = page(viewer, "/actions?x=1");

        assertFramed(answer, 500);
        assertThat(title(answer)).isEqualTo("Something went wrong");
        assertThat(answer.body()).contains("href=\"\"").doesNotContain("Exception", "no-such-template");
    }

    /** Fails when the answer is written, which no advice sees. */
    @Page
    static final class FailingPage {
        String show() {
            return "celeriac/no-such-template";
        }
    }

    @Test
    void speakTheReadersLanguage() {
        var answer = page(viewer, "/access/users", "Accept-Language", "zh-CN,zh;q=0.9");

        assertThat(answer.body()).contains("lang=\"zh-CN\"", "您无权打开此页面", "此页面需要权限 user:admin。");
        var chosen = page(gateway.person("lin", "\"role\":\"viewer\""), "/access/users?lang=zh-CN");
        assertThat(chosen.body()).contains("您无权打开此页面");
    }

    @Test
    void stayProblemsForCalls() {
        for (var path : new String[] {"/api/users", "/api/none"}) {
            assertThat(page(viewer, path).headers().firstValue("Content-Type")).contains("application/problem+json");
        }
        var answer = viewer.call("GET", "/access/users", "", "Accept", "application/json");
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(Client.json(answer).path("detail").asString()).isEqualTo("this call needs user:admin");
    }

    @Test
    void canBeAskedForByNobody() {
        assertThat(title(page(viewer, "/error/page"))).isEqualTo("There is nothing here");
        assertThat(title(page(viewer, "/error"))).isEqualTo("There is nothing here");
        assertThat(page(gateway.nobody(), "/error/page").statusCode()).isEqualTo(302);
    }

    /** It has no places, as nobody knows who asks. */
    @Test
    void arePlainForWhoHasNotSignedIn() {
        var answer = page(gateway.nobody(), "/sign-in?again=perhaps");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(title(answer)).isEqualTo("That cannot be read");
        assertThat(answer.body()).doesNotContain("id=\"side\"", "anonymous");
    }

    @Test
    void haveTheLinksOfTheProxy() {
        var answer = page(viewer, "/access/users", "X-Forwarded-Prefix", "/jobs");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("href=\"/jobs/tasks\"", "href=\"/jobs/account\"");
    }
}

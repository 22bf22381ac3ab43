package io.celeriac.e2e;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The console in a real browser, over the real programs. */
class ConsoleIT {

    /** A text that would run as a script on a page that forgets to escape it. */
    private static final String SCRIPT = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";

    private static Installation celeriac;
    private Browser browser;

    @BeforeAll
    static void start(@TempDir Path directory) {
        var missing = Browser.missing();
        assumeTrue(missing.isEmpty(), missing.orElse(""));
        celeriac = Installation.start(directory);
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"good\",\"labels\":{\"tenant\":\"42\"}}");
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[\"x\",2],\"id\":\"bad\"}");
        celeriac.submit("{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"later\",\"countdown\":3600}");
        celeriac.typeIntoTopic("this is no task " + SCRIPT);
        workflow(
                "flow-good",
                "{\"chain\":[{\"task\":\"demo.noop\",\"args\":[1]},{\"chord\":{\"header\":[{\"task\":\"demo.add\",\"args\":[1,2],"
                        + "\"immutable\":true},{\"task\":\"demo.add\",\"args\":[3,4],\"immutable\":true}],"
                        + "\"body\":{\"task\":\"demo.sum\"}}}]}");
        workflow(
                "flow-bad",
                "{\"chain\":[{\"map\":{\"task\":{\"task\":\"demo.add\",\"args\":[1]},\"items\":[" + "1,".repeat(40)
                        + "\"x\"]}},{\"task\":\"demo.noop\"}]}");
        celeriac.awaitRow("good", "SUCCESS");
        celeriac.awaitRow("bad", "FAILURE");
        celeriac.awaitRow("later", "PENDING");
        awaitWorkflow("flow-good", "SUCCESS");
        awaitWorkflow("flow-bad", "FAILURE");
        await().atMost(ofSeconds(20))
                .until(() -> Http.get(celeriac.api("/dead-letters"))
                                .body()
                                .path("items")
                                .size()
                        >= 2);
    }

    private static void workflow(String id, String root) {
        var answer = Http.post(celeriac.api("/workflows"), "{\"id\":\"" + id + "\",\"root\":" + root + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
    }

    private static void awaitWorkflow(String id, String state) {
        await().atMost(ofSeconds(60))
                .until(() -> Http.get(celeriac.api("/workflows/" + id))
                        .body()
                        .path("state")
                        .asString("")
                        .equals(state));
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
    void showsEveryPageWithoutBarriersInBothThemesAndWidths() {
        for (var page : pages()) {
            browser.checkLooks(page(page));
            assertThat(browser.complaints()).as(page).isEmpty();
        }
    }

    @Test
    void showsEveryPageInChinese() {
        browser.open(page("/?lang=zh-CN"));
        for (var page : pages()) {
            browser.open(page(page));
            assertThat(browser.find("html").getAttribute("lang")).isEqualTo("zh-CN");
            assertThat(browser.barriers()).as(page).isEmpty();
            assertThat(browser.text()).as(page).doesNotContain("??");
        }
    }

    @Test
    void showsTheThemeThatTheReaderChoosesOnEveryPageFromTheFirstMoment() {
        browser.open(page("/tasks"));
        assertThat(scheme()).isEqualTo("light dark");
        press("system", Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        assertThat(scheme()).isEqualTo("dark");
        assertThat(browser.barriers()).isEmpty();

        browser.open(page("/queues"));
        assertThat(scheme()).isEqualTo("dark");
        assertThat(theme("dark").isSelected()).isTrue();
        assertThat(browser.driver()
                        .executeScript("const script = document.querySelector('script[src*=\"/theme.js\"]');"
                                + "return !script.async && !script.defer && script.type === ''"
                                + " && !!(script.compareDocumentPosition(document.querySelector('link[rel=stylesheet]'))"
                                + " & Node.DOCUMENT_POSITION_FOLLOWING);"))
                .as("it runs before anything is drawn")
                .isEqualTo(true);

        press("dark", Keys.ARROW_LEFT);
        browser.dark(true).open(page("/"));
        assertThat(scheme()).isEqualTo("light");
        press("light", Keys.ARROW_LEFT);
        browser.open(page("/"));
        assertThat(scheme()).isEqualTo("light dark");
        assertThat(browser.complaints()).isEmpty();
    }

    /** Presses keys on a choice of the theme, as somebody without a mouse does. */
    private void press(String choice, CharSequence... keys) {
        browser.driver().executeScript("arguments[0].focus();", theme(choice));
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    private WebElement theme(String choice) {
        return browser.driver().findElement(By.cssSelector(".themes input[value=" + choice + "]"));
    }

    private Object scheme() {
        return browser.driver().executeScript("return getComputedStyle(document.documentElement).colorScheme;");
    }

    /** A wrong address is a page like the others. */
    @Test
    void showsWhereNothingIsAndTheWayOn() {
        browser.checkLooks(page("/taskz"));
        browser.width(1280).dark(false).open(page("/taskz"));
        browser.awaitText("There is nothing here");
        browser.button("Go to the overview").click();
        browser.awaitAddress(page("/"));
        browser.find(".verdict");
    }

    @Test
    void findsAFailedTaskShowsWhyAndRetriesItWithOtherArguments() {
        browser.open(page("/tasks"));
        browser.find("#search").sendKeys("state:FAILURE id:bad", Keys.ENTER);
        browser.awaitText("must be BigDecimal");
        browser.driver().findElement(By.linkText("demo.add")).click();
        browser.awaitText("InvalidArguments");
        browser.awaitText("like it in the last day"); // a workflow has failed for the same reason

        browser.button("Edit and retry…").click();
        var arguments = browser.find("#edit-args");
        arguments.clear();
        arguments.sendKeys("[40, 2");
        browser.find("#edit [type=submit]").click();
        assertThat(browser.text("#edit .error")).isNotBlank();
        assertThat(arguments.getAttribute("value")).isEqualTo("[40, 2");
        arguments.sendKeys("]");
        browser.find("#edit [type=submit]").click();

        browser.awaitText("Retry of");
        browser.awaitText("Success");
        assertThat(browser.find("#result ~ pre, section:has(> .section-head > #result) pre")
                        .getText())
                .isEqualTo("42");
    }

    @Test
    void completesASearchAndShowsWhereItIsWrong() {
        browser.open(page("/tasks"));
        browser.find("#search").sendKeys("sta");
        browser.awaitText("State of the task");
        browser.find("#search").sendKeys(Keys.TAB);
        assertThat(browser.find("#search").getAttribute("value")).isEqualTo("state:");

        browser.find("#search").sendKeys("FAILUR", Keys.ENTER);
        browser.awaitText("must be one of PENDING");
        assertThat(browser.find("#search").getAttribute("value")).contains("FAILUR");
    }

    @Test
    void retriesWhatIsSelectedAfterAPreview() {
        browser.open(page("/tasks?q=id:bad"));
        browser.find(".row-check").click();
        browser.button("Retry…").click();
        browser.awaitText("1 will be touched");
        browser.find("#act [type=submit]").click();
        browser.awaitAddress("/actions/");
        browser.awaitText("1 of 1");
        browser.awaitText("Done");
    }

    @Test
    void revokesATaskThatWaitsAndTheOpenPageFollows() {
        celeriac.submit("{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"waits\",\"countdown\":3600}");
        celeriac.awaitRow("waits", "PENDING");
        browser.open(page("/tasks/waits"));
        browser.awaitText("It waits for its time");
        browser.button("Revoke…").click();
        browser.find("#revoke [type=submit]").click();
        browser.awaitText("Revoked");
        celeriac.awaitRow("waits", "REVOKED");
    }

    /** What the product was made for: a periodic task by hand, without reading anything. */
    @Test
    void makesAScheduleThatFiresEveryThreeSecondsAndWatchesItRun() {
        browser.open(page("/schedules"));
        browser.open(page("/schedules/new"));
        browser.find("#name").sendKeys("by-hand");
        browser.find("#task").sendKeys("demo.timing");
        browser.find("#amount").clear();
        browser.find("#amount").sendKeys("3");
        browser.awaitText("Every 3 seconds");
        browser.find("#schedule .button-main").click();
        browser.awaitAddress("/schedules/by-hand");

        browser.awaitRows("[data-row]", 3);
        browser.open(page("/tasks?q=schedule:by-hand"));
        browser.awaitRows("[data-row] .state-success", 3);
        assertThat(Http.delete(celeriac.api("/schedules/by-hand")).status()).isEqualTo(204);
    }

    @Test
    void pausesAQueueTellsWhyItsTasksWaitAndResumesIt() {
        browser.open(page("/queues/default"));
        browser.button("Pause…").click();
        browser.find("#pause [name=note]").sendKeys("the mail server " + SCRIPT);
        browser.find("#pause [type=submit]").click();
        browser.awaitText("the mail server <img");
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[1,2],\"id\":\"held\"}");
        browser.open(page("/"));
        browser.awaitText("the mail server <img");

        browser.open(page("/queues/default"));
        browser.button("Resume").click();
        celeriac.awaitRow("held", "SUCCESS");
        assertThat(browser.has("main img")).isFalse();
    }

    /** A gateway looks once a minute, and a worker has told of its partitions by then. */
    @Test
    void showsHowFullAQueueWas() {
        await().atMost(ofSeconds(100))
                .until(() -> Http.get(celeriac.api("/stats/depth?queue=default")).body().path("steps").values().stream()
                        .anyMatch(step -> step.path("ready").isNumber()));

        browser.open(page("/queues/default?window=1h"));
        browser.awaitText("Age of the oldest ready task");
        assertThat(browser.text(".charts figure .legend")).contains("ready", "parked", "running");
        assertThat(browser.has(".charts figure polyline")).isTrue();
    }

    @Test
    void sendsATaskByAFormMadeOfItsParameters() {
        browser.open(page("/send?task=demo.add"));
        browser.find("#arg-0").sendKeys("40");
        browser.find("#arg-1").sendKeys("2");
        browser.find("#send [type=submit]").click();
        browser.awaitAddress("/tasks/");
        browser.awaitText("Success");
        browser.awaitText("Attempt 1 succeeded");
        browser.awaitText("Life line");
    }

    /** The preview has an error of its own, which a refused form must leave alone. */
    @Test
    void previewsAScheduleAlsoAfterItWasRefused() {
        browser.open(page("/schedules/new"));
        browser.find("#name").sendKeys("every minute");
        browser.find("#task").sendKeys("demo.timing");
        browser.find("#args").sendKeys("1, 2");
        browser.find("#schedule .button-main").click();
        browser.awaitText("Write a list: [1, 2]");
        browser.find("#args").clear();
        browser.find("#schedule .button-main").click();
        browser.awaitText("Write letters, digits and _ . : - only, 200 at most");

        browser.find("#amount").clear();
        browser.find("#amount").sendKeys("-3");
        browser.awaitRows("#preview .error:not([hidden])", 1);
        browser.find("#amount").clear();
        browser.find("#amount").sendKeys("3");
        browser.awaitText("Every 3 seconds");
        assertThat(browser.has("#preview .error:not([hidden])")).isFalse();
    }

    @Test
    void tellsThatATaskWasRetriedAndAsksBeforeItIsRetriedAgain() {
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[\"x\",3],\"id\":\"bad-once\"}");
        celeriac.awaitRow("bad-once", "FAILURE");
        browser.open(page("/tasks/bad-once"));
        assertThat(browser.button("Retry").getAttribute("class")).contains("button-main");
        browser.button("Retry").click();
        browser.awaitText("Retry of");

        browser.open(page("/tasks/bad-once"));
        browser.awaitText("Retried as");
        assertThat(browser.button("Retry").getAttribute("class")).doesNotContain("button-main");
        assertThat(browser.button("Retry").getAttribute("data-sure")).contains("Retry it once more?");
        browser.open(page("/tasks/good"));
        assertThat(browser.button("Retry").getAttribute("data-sure")).contains("It has succeeded");
    }

    @Test
    void retriesWhatFailedOfAWorkflow() {
        workflow("flow-again", "{\"chain\":[{\"task\":\"demo.add\",\"args\":[\"x\",2]},{\"task\":\"demo.noop\"}]}");
        awaitWorkflow("flow-again", "FAILURE");
        browser.open(page("/workflows"));
        browser.awaitText("celeriac.workflow");

        browser.open(page("/workflows/flow-again"));
        browser.awaitText("must be BigDecimal");
        browser.button("Retry what failed…").click();
        browser.awaitText("What failed (1)");
        browser.find("#retry [type=submit]").click();

        await().atMost(ofSeconds(40)).until(() -> {
            var workflow = Http.get(celeriac.api("/workflows/flow-again")).body();
            return workflow.path("run").asInt() == 1
                    && workflow.path("state").asString("").equals("FAILURE");
        });
    }

    @Test
    void showsTextsOfTasksAsTextWhateverTheyAre() {
        var json = SCRIPT.replace("\\", "\\\\").replace("\"", "\\\"");
        celeriac.submit("{\"task\":\"demo.add\",\"args\":[\"" + json + "\",2],\"id\":\"odd\",\"key\":\"" + json
                + "\",\"labels\":{\"odd\":\"" + json + "\"}}");
        celeriac.awaitRow("odd", "FAILURE");

        for (var page : List.of(
                "/tasks",
                "/tasks?q=id:odd",
                "/tasks/odd",
                "/tasks?q=%3Cscript%3Ealert(1)%3C/script%3E",
                "/dead-letters",
                letter())) {
            browser.open(page(page));
            assertThat(browser.text("h1")).isNotBlank();
            assertThat(browser.has("img, main script:not([src])")).as(page).isFalse();
            assertThat(browser.complaints()).as(page).isEmpty();
        }
    }

    @Test
    void opensPlacesByKeys() {
        browser.open(page("/"));
        browser.find("body").sendKeys("g");
        browser.find("body").sendKeys("t");
        browser.awaitAddress("/tasks");
        browser.find("body").sendKeys("/");
        assertThat(browser.driver().switchTo().activeElement().getAttribute("id"))
                .isEqualTo("search");
    }

    /** A person who may have no script still reads everything. */
    @Test
    void isReadWithoutScript() {
        for (var page : pages()) {
            var answer = Http.html(page(page));
            assertThat(answer)
                    .as(page)
                    .contains("<h1")
                    .doesNotContain("onclick=")
                    .doesNotContain(" style=\"");
        }
    }

    private static List<String> pages() {
        var pages = new ArrayList<>(List.of(
                "/",
                "/tasks",
                "/tasks?q=state:FAILURE",
                "/tasks?q=error:x",
                "/tasks/good",
                "/tasks/bad",
                "/tasks/later"));
        pages.addAll(List.of("/dead-letters", letter(), "/actions", "/queues", "/queues/default", "/workers", "/send"));
        pages.addAll(List.of("/send?task=demo.add", "/schedules", "/schedules/new"));
        pages.addAll(List.of("/workflows", "/workflows?name=none", "/workflows/flow-good", "/workflows/flow-bad"));
        return pages;
    }

    private static String letter() {
        var item = Http.get(celeriac.api("/dead-letters")).body().path("items").path(0);
        return "/dead-letters/" + item.path("partition").asInt() + "/"
                + item.path("offset").asLong();
    }

    private static String page(String path) {
        return celeriac.page(path);
    }
}

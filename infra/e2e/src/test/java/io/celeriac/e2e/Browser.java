package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A real browser without a window. Debian's chromium, which is installed if it is missing and this process may do so. */
final class Browser implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final List<String> BINARIES =
            List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Object INSTALLATION = new Object();

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Why there is no browser here; empty when there is one. */
    static Optional<String> missing() {
        synchronized (INSTALLATION) {
            if (binary().isPresent() && Files.isExecutable(DRIVER)) {
                return Optional.empty();
            }
            var fault = install();
            return binary().isPresent() && Files.isExecutable(DRIVER)
                    ? Optional.empty()
                    : Optional.of("needs a browser: chromium and chromium-driver are not installed, and " + fault);
        }
    }

    private static Optional<Path> binary() {
        return BINARIES.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }

    private static String install() {
        try {
            for (var command : List.of(
                    List.of("apt-get", "update", "-q"),
                    List.of(
                            "apt-get",
                            "install",
                            "-y",
                            "-q",
                            "--no-install-recommends",
                            "chromium",
                            "chromium-driver"))) {
                var process = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(5, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                    return String.join(" ", command) + " did not end";
                }
                if (process.exitValue() != 0) {
                    return String.join(" ", command) + " ended with " + process.exitValue();
                }
            }
            return "apt-get installed no browser";
        } catch (IOException e) {
            return "there is no apt-get";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "their installation was interrupted";
        }
    }

    static Browser start() {
        var options = new ChromeOptions();
        options.setBinary(binary().orElseThrow().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--lang=en-US");
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", "en-US,en"));
        var logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        var driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(PATIENCE);
        return new Browser(driver);
    }

    ChromeDriver driver() {
        return driver;
    }

    Browser width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    Browser dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    Browser open(String address) {
        driver.get(address);
        return this;
    }

    WebElement find(String selector) {
        return waiting()
                .until(there -> driver.findElements(By.cssSelector(selector)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst()
                        .orElse(null));
    }

    /** A link or button by its text. */
    WebElement button(String text) {
        return waiting()
                .until(there -> driver.findElements(By.cssSelector("button, a.button, a.link")).stream()
                        .filter(WebElement::isDisplayed)
                        .filter(WebElement::isEnabled)
                        .filter(one -> one.getText().strip().equals(text))
                        .findFirst()
                        .orElse(null));
    }

    boolean has(String selector) {
        return !driver.findElements(By.cssSelector(selector)).isEmpty();
    }

    void awaitText(String text) {
        waiting().withMessage("the page does not show " + text).until(there -> text().contains(text));
    }

    void awaitRows(String selector, int count) {
        waiting()
                .withMessage("the page does not show " + count + " of " + selector)
                .until(there -> driver.findElements(By.cssSelector(selector)).size() >= count);
    }

    /** Waits until the page has loaded what it loads after itself. */
    void awaitQuiet() {
        waiting()
                .withMessage("the page does not come to rest")
                .until(there -> driver.executeScript("return document.fonts.status === 'loaded'"
                        + " && !document.querySelector('.htmx-request')"
                        + " && [...document.querySelectorAll('[data-count]')].every(one => one.textContent)"));
    }

    void awaitAddress(String part) {
        waiting()
                .withMessage("the address does not have " + part)
                .until(there -> driver.getCurrentUrl().contains(part));
    }

    String text() {
        return texts("body").get(0);
    }

    /** The text of an element that is shown or will be; one script reads it, as a live page may replace the element between two calls. */
    String text(String selector) {
        return (String) waiting()
                .until(there -> driver.executeScript(
                        "return [...document.querySelectorAll(arguments[0])].find((one) => one.checkVisibility())?.innerText.trim();",
                        selector));
    }

    /** The texts of all elements that are there now. */
    List<String> texts(String selector) {
        var texts = (List<?>) driver.executeScript(
                "return [...document.querySelectorAll(arguments[0])].map((one) => one.innerText.trim());", selector);
        return texts.stream().map(String::valueOf).toList();
    }

    /** An element that a live page replaces while it is looked at is looked for again; the driver has several names for that. */
    private WebDriverWait waiting() {
        var wait = new WebDriverWait(driver, PATIENCE);
        wait.ignoring(WebDriverException.class);
        return wait;
    }

    /** What the browser complained about since the last call: errors of scripts, policies that were broken, files that are missing. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .filter(line -> line.startsWith("SEVERE") || line.contains("Content Security Policy"))
                .toList();
    }

    /** What axe-core finds on the page that is open, each rule with the elements that break it. */
    List<String> barriers() {
        return new AxeBuilder()
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"))
                        .analyze(driver)
                        .getViolations()
                        .stream()
                        .flatMap(rule -> rule.getNodes().stream()
                                .map(node -> rule.getId() + ": " + node.getHtml() + " " + node.getFailureSummary()))
                        .toList();
    }

    /** The elements that make the page scroll sideways; none when it does not. */
    private List<?> tooWide() {
        return (List<?>) driver.executeScript("const page = document.documentElement;"
                + "return page.scrollWidth <= page.clientWidth ? [] : [...document.querySelectorAll('body *')]"
                + ".filter((one) => one.getBoundingClientRect().right > page.clientWidth)"
                + ".map((one) => one.outerHTML.slice(0, 300));");
    }

    void screenshot(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Checks a page in both themes and widths. */
    void checkLooks(String address) {
        Stream.of(380, 1280)
                .forEach(width -> Stream.of(false, true).forEach(dark -> {
                    width(width).dark(dark).open(address);
                    assertThat(barriers())
                            .as("%s at %d px, %s", address, width, dark ? "dark" : "light")
                            .isEmpty();
                    assertThat(tooWide()).as("%s fits %d px", address, width).isEmpty();
                }));
    }

    @Override
    public void close() {
        driver.quit();
    }
}

package io.celeriac.e2e;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.embedded.ChildProcess;
import io.celeriac.embedded.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The one-command start, as its own process. */
class LocalUpIT {

    private static final Path PROJECT = Path.of(System.getProperty("celeriac.project"));

    @TempDir
    private Path directory;

    private final List<ChildProcess> started = new ArrayList<>();
    private final int port = threeFreePorts();
    private final int kafkaPort = FreePorts.pick();
    private final int dbPort = FreePorts.pick();

    @AfterEach
    void stop() {
        started.forEach(process -> process.stop(ofSeconds(20)));
    }

    /** Data survive a restart; Ctrl-C leaves nothing behind; neither does a crash, once it is started again. */
    @Test
    void keepsItsDataAndLeavesNothingBehind() {
        var first = up();
        first.awaitLog("Celeriac is up.", ofMinutes(2));
        submit("one");
        awaitSuccess("one");

        var before = System.nanoTime();
        first.stop(ofSeconds(20));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(ofSeconds(5));
        await().atMost(ofSeconds(5)).until(() -> databases().isEmpty());

        var second = up();
        second.awaitLog("Celeriac is up.", ofMinutes(2));
        awaitSuccess("one");
        second.kill();

        var third = up();
        third.awaitLog("Celeriac is up.", ofMinutes(2));
        awaitSuccess("one");
        submit("two");
        awaitSuccess("two");
        assertThat(databases()).hasSize(1);

        // A second one on the same files, even one that would delete them, must leave the first alone.
        start(
                        "--port",
                        String.valueOf(threeFreePorts()),
                        "--kafka-port",
                        String.valueOf(FreePorts.pick()),
                        "--db-port",
                        String.valueOf(FreePorts.pick()),
                        "--data",
                        directory.resolve("data").toString(),
                        "--reset")
                .awaitLog("another infra/up is using", ofSeconds(30));
        submit("three");
        awaitSuccess("three");
        awaitSuccess("one");
    }

    @Test
    void namesThePortThatIsTakenAndItsOption() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var process = start("--kafka-port", String.valueOf(taken.getLocalPort()));

            process.awaitLog(
                    "port " + taken.getLocalPort()
                            + " for the broker is taken or not allowed: choose another with --kafka-port",
                    ofSeconds(30));
            await().atMost(ofSeconds(10)).until(() -> !process.isAlive());
        }
    }

    @Test
    void neverDeletesWhatItDidNotMake() throws IOException {
        var precious = Files.writeString(
                Files.createDirectories(directory.resolve("mine")).resolve("precious"), "x");

        start("--data", precious.getParent().toString(), "--reset").awaitLog("was not made by infra/up", ofSeconds(30));

        assertThat(precious).exists();
    }

    private ChildProcess up() {
        return start(
                "--port", String.valueOf(port),
                "--kafka-port", String.valueOf(kafkaPort),
                "--db-port", String.valueOf(dbPort),
                "--data", directory.resolve("data").toString());
    }

    private ChildProcess start(String... options) {
        var target = PROJECT.resolve("infra/local/target");
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dceleriac.project=" + directory,
                "-Dceleriac.logs=" + directory.resolve("logs"),
                "-Dorg.springframework.boot.logging.LoggingSystem=none",
                "-cp",
                target.resolve("classes") + ":" + target.resolve("lib") + "/*",
                "io.celeriac.local.LocalCommand"));
        command.addAll(List.of(options));
        var process =
                ChildProcess.start("infra/up", command, Map.of(), directory.resolve("up-" + started.size() + ".log"));
        started.add(process);
        return process;
    }

    private void submit(String id) {
        var answer = Http.post(api("/tasks"), "{\"task\":\"demo.noop\",\"args\":[1],\"id\":\"" + id + "\"}");
        assertThat(answer.status()).isEqualTo(202);
    }

    private void awaitSuccess(String id) {
        await().atMost(ofSeconds(20))
                .until(() -> Http.get(api("/tasks/" + id)).text("state").equals("SUCCESS"));
    }

    private String api(String path) {
        return "http://127.0.0.1:" + port + "/api" + path;
    }

    /** The database servers on our data directory. */
    private List<ProcessHandle> databases() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains("--datadir=" + directory))
                .filter(process -> process.info().commandLine().orElse("").contains("mariadbd"))
                .toList();
    }

    /** The API's port has the two after it for company. */
    private static int threeFreePorts() {
        return FreePorts.pick(40).stream()
                .filter(first -> free(first + 1) && free(first + 2))
                .findFirst()
                .orElseThrow();
    }

    private static boolean free(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // taken
        }
    }
}

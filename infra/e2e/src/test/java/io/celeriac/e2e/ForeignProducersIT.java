package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the guide of producers, against the programs of an installation. */
class ForeignProducersIT {

    private static final Path EXAMPLES = Path.of(System.getProperty("celeriac.project"), "infra/examples");
    private static final Duration INSTALLATION = Duration.ofMinutes(1);

    private static Installation celeriac;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() {
        celeriac = Installation.start(directory);
    }

    @AfterAll
    static void stop() {
        if (celeriac != null) {
            celeriac.close();
        }
    }

    @Test
    void pythonSendsTasksAndWorkflowsAndGetsTheirResults() {
        var packages = directory.resolve("python");
        var python = python(packages);
        assumeTrue(python.isPresent(), "needs Python with confluent-kafka");
        var path = Map.of("PYTHONPATH", packages.toString(), "PYTHONDONTWRITEBYTECODE", "1");

        assertThat(run(
                        path,
                        python.get(),
                        EXAMPLES.resolve("python/send_task.py").toString()))
                .isEqualTo("SUCCESS 5 None");
        assertThat(run(
                        path,
                        python.get(),
                        EXAMPLES.resolve("python/send_workflow.py").toString()))
                .isEqualTo("SUCCESS 10 None");
    }

    /** A Python that has the client, or can get it into a folder. */
    private static Optional<String> python(Path packages) {
        var candidates = List.of("python3", "/usr/bin/python3");
        return candidates.stream()
                .filter(python -> succeeds(directory, python, "-c", "import confluent_kafka"))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(python -> succeeds(
                                directory,
                                python,
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--retries=0",
                                "--target=" + packages,
                                "--requirement=" + EXAMPLES.resolve("python/requirements.txt")))
                        .findFirst());
    }

    @Test
    void nodeSendsTasksAndWorkflowsAndGetsTheirResults() throws IOException {
        var programs = Files.createDirectory(directory.resolve("node"));
        for (var file : List.of("package.json", "results.mjs", "send-task.mjs", "send-workflow.mjs")) {
            Files.copy(EXAMPLES.resolve("node").resolve(file), programs.resolve(file));
        }
        assumeTrue(
                succeeds(
                        programs,
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--no-package-lock",
                        "--fetch-retries=0"),
                "needs Node with kafkajs");

        assertThat(run(Map.of(), "node", programs.resolve("send-task.mjs").toString()))
                .isEqualTo("SUCCESS 5");
        assertThat(run(Map.of(), "node", programs.resolve("send-workflow.mjs").toString()))
                .isEqualTo("SUCCESS 10");
    }

    @Test
    void kcatSendsATask() {
        assumeTrue(succeeds(directory, "kcat", "-V"), "needs kcat");

        pipe(
                "{\"task\": \"demo.add\", \"id\": \"by-kcat\", \"args\": [2, 3]}",
                "kcat",
                "-P",
                "-b",
                celeriac.environment().get("KAFKA_BOOTSTRAP_SERVERS"),
                "-t",
                celeriac.environment().get("CELERIAC_NAMESPACE") + ".tasks.default",
                "-k",
                "by-kcat",
                "-X",
                "acks=all",
                "-X",
                "enable.idempotence=true",
                "-X",
                "partitioner=murmur2_random");

        assertThat(result("by-kcat")).isEqualTo(5);
    }

    @Test
    void kafkasConsoleSendsATaskWithAKey() {
        pipe(
                "customer-7|{\"task\": \"demo.add\", \"key\": \"customer-7\", \"id\": \"typed-7\", \"args\": [2, 3]}",
                EXAMPLES.resolve("../kafka-console").toString(),
                "producer",
                celeriac.environment().get("CELERIAC_NAMESPACE") + ".tasks.default",
                "--reader-property",
                "parse.key=true",
                "--reader-property",
                "key.separator=|");

        assertThat(result("typed-7")).isEqualTo(5);
        var task = Http.get(celeriac.api("/tasks/typed-7")).body();
        assertThat(task.path("key").asString()).isEqualTo("customer-7");
    }

    private static int result(String id) {
        return Http.get(celeriac.api("/tasks/" + id + "?wait=PT30S"))
                .body()
                .path("result")
                .asInt();
    }

    /** What a program prints. */
    private static String run(Map<String, String> environment, String... command) {
        var all = new HashMap<>(celeriac.environment());
        all.putAll(environment);
        var ended = Command.run(builder(directory, command), all, output(), Command.DEADLINE);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output().strip();
    }

    /** Lets a program read a line. */
    private static void pipe(String line, String... command) {
        try {
            var input = Files.writeString(Files.createTempFile(directory, "line", ".txt"), line + "\n");
            var builder = builder(directory, command).redirectInput(input.toFile());
            var ended = Command.run(builder, celeriac.environment(), output(), Command.DEADLINE);
            assertThat(ended.exitCode()).as(ended.output()).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False also for a program that is not installed, and for one that does not end in time. */
    private static boolean succeeds(Path where, String... command) {
        try {
            return Command.run(builder(where, command), Map.of(), output(), INSTALLATION)
                            .exitCode()
                    == 0;
        } catch (UncheckedIOException | IllegalStateException e) {
            return false;
        }
    }

    private static ProcessBuilder builder(Path where, String... command) {
        return new ProcessBuilder(command).directory(where.toFile());
    }

    private static Path output() {
        try {
            return Files.createTempFile(directory, "output", ".txt");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

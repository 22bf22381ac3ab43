package io.celeriac.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.celeriac.embedded.ChildProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One of the programs as a process: its executable jar, as people run it. */
final class Program implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final List<String> SMALL_JVM =
            List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final String name;
    private final int port;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private ChildProcess process;

    private Program(String name, int port, List<String> command, Map<String, String> environment, Path log) {
        this.name = name;
        this.port = port;
        this.command = command;
        this.environment = environment;
        this.log = log;
        this.process = ChildProcess.start(name, command, environment, log);
    }

    /**
     * Starts a program; it is ready after {@link #awaitHealthy}.
     *
     * @param module such as {@code producer/gateway}
     * @param directory where it runs, and where its log goes
     */
    static Program start(String module, int port, Map<String, String> environment, Path directory, String... settings) {
        var name = Path.of(module).getFileName().toString();
        return start(name, List.of("-jar", jar(module, name).toString()), port, environment, directory, settings);
    }

    /**
     * Starts a program of the tests' own; it is ready after {@link #awaitHealthy}.
     *
     * @param directory where its log goes
     */
    static Program start(Class<?> main, int port, Map<String, String> environment, Path directory, String... settings) {
        var all = new HashMap<>(environment);
        all.put("CLASSPATH", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        return start(main.getSimpleName(), List.of(main.getName()), port, all, directory, settings);
    }

    private static Program start(
            String name,
            List<String> what,
            int port,
            Map<String, String> environment,
            Path directory,
            String... settings) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(SMALL_JVM);
        command.addAll(what);
        command.add("--server.port=" + port);
        command.addAll(List.of(settings));
        return new Program(name, port, command, environment, directory.resolve(name + "-" + port + ".log"));
    }

    private static Path jar(String module, String name) {
        var target = Path.of(System.getProperty("celeriac.project"), module, "target");
        try (var files = Files.newDirectoryStream(target, "celeriac-" + name + "-*-exec.jar")) {
            var jars = new ArrayList<Path>();
            files.forEach(jars::add);
            assertThat(jars).as("executable jar in " + target).hasSize(1);
            return jars.get(0);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(target + " has no executable jar; was the module packaged?", e);
        }
    }

    Program awaitHealthy() {
        await(name + " is healthy")
                .atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(name + " ended" + process.logTail());
                    }
                    return Http.status("http://127.0.0.1:" + port + "/actuator/health") == 200;
                });
        return this;
    }

    /** SIGKILL, as a crash would. */
    void kill() {
        process.kill();
    }

    Program restart() {
        process.close();
        process = ChildProcess.start(name, command, environment, log);
        return this;
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    /** The whole log since the first start. */
    String log() {
        try {
            return Files.readString(log);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    String logTail() {
        return process.logTail();
    }

    @Override
    public void close() {
        process.close();
    }
}

package io.celeriac.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that has come to its end.
 *
 * @param output what it wrote, errors included
 */
record Command(int exitCode, String output) {

    /** The time that a command of the project has. */
    static final Duration DEADLINE = Duration.ofSeconds(60);

    /**
     * Runs one of the project's commands, as people type it.
     *
     * @param script such as {@code infra/up}
     * @param output the file that gets its output
     */
    static Command run(String script, List<String> options, Map<String, String> environment, Path output) {
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("celeriac.project"), script).toString());
        builder.command().addAll(options);
        return run(builder, environment, output, DEADLINE);
    }

    /**
     * Runs any command.
     *
     * @param output the file that gets its output
     * @throws UncheckedIOException if there is no such command
     * @throws IllegalStateException if it has not ended in time
     */
    static Command run(ProcessBuilder builder, Map<String, String> environment, Path output, Duration deadline) {
        builder.redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            var process = builder.start();
            if (!process.waitFor(deadline.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        builder.command() + " has not ended; so far: " + Files.readString(output));
            }
            return new Command(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

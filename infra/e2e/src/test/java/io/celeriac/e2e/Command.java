package io.celeriac.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that has come to its end.
 *
 * @param output what it wrote, errors included
 */
record Command(int exitCode, String output) {

    private static final long DEADLINE_SECONDS = 60;

    /**
     * Runs one of the project's commands, as people type it.
     *
     * @param script such as {@code infra/up}
     * @param output the file that gets its output
     */
    static Command run(String script, List<String> options, Map<String, String> environment, Path output) {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("celeriac.project"), script).toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.command().addAll(options);
        builder.environment().putAll(environment);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            var process = builder.start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(script + " has not ended; so far: " + Files.readString(output));
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

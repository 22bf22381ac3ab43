package io.celeriac.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own, with its output in a file. Its standard input stays open as long as this JVM lives,
 * so a child that reads it learns of our end, however it came.
 */
public final class ChildProcess implements AutoCloseable {

    private static final int TAIL_BYTES = 4096;
    private static final Duration POLL = Duration.ofMillis(20);

    private final String name;
    private final Process process;
    private final Path log;
    private final long logStart;

    private ChildProcess(String name, Process process, Path log, long logStart) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.logStart = logStart;
    }

    /** Starts the command; both its outputs are appended to {@code log}. {@code name} is for messages. */
    public static ChildProcess start(String name, List<String> command, Map<String, String> environment, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            var builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return new ChildProcess(name, builder.start(), log, logStart);
        } catch (IOException e) {
            throw new ServerStartException(name + ": cannot run " + command.get(0), e);
        }
    }

    /** The {@code java} of this JVM, with its class path in the environment: it is too long for some command lines. */
    public static ChildProcess startJava(
            String name, List<String> jvmOptions, Class<?> main, List<String> args, Path log) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.add(main.getName());
        command.addAll(args);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return start(name, command, Map.of("CLASSPATH", classPath), log);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    Process process() {
        return process;
    }

    /**
     * Waits until the child writes {@code marker} to its log.
     *
     * @throws ServerStartException with the end of the log when the child ends first or the deadline passes; the child
     *     is then killed
     */
    public void awaitLog(String marker, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!read(logStart).contains(marker)) {
            if (!process.isAlive()) {
                throw new ServerStartException(
                        name + ": ended with code " + process.exitValue() + " before it was ready" + logTail());
            }
            if (System.nanoTime() > end) {
                kill();
                throw new ServerStartException(name + ": not ready after " + deadline.toSeconds() + " s" + logTail());
            }
            pause();
        }
    }

    /** Waits until the child has ended by itself, with code 0. */
    void awaitSuccess(Duration deadline) {
        if (!ended(deadline)) {
            kill();
            throw new ServerStartException(name + ": not done after " + deadline.toSeconds() + " s" + logTail());
        }
        if (process.exitValue() != 0) {
            throw new ServerStartException(name + ": ended with code " + process.exitValue() + logTail());
        }
    }

    /** Asks the child to end (SIGTERM), and kills it when it has not after {@code grace}. Safe to repeat. */
    public void stop(Duration grace) {
        process.destroy();
        if (!ended(grace)) {
            kill();
        }
    }

    /** Ends the child as a crash would (SIGKILL), and waits until it is gone. Safe to repeat. */
    public void kill() {
        process.destroyForcibly();
        if (!ended(Duration.ofSeconds(10))) {
            throw new IllegalStateException(name + ": process " + pid() + " survives SIGKILL" + logTail());
        }
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(10));
    }

    /** Where the log is and how it ends, as an appendix to a message. */
    public String logTail() {
        try {
            String tail = read(Math.max(logStart, Files.size(log) - TAIL_BYTES));
            return "\n--- the end of " + log + ":\n" + (tail.isBlank() ? "(empty)" : tail.strip());
        } catch (IOException e) {
            return " (its log " + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private String read(long from) {
        try (var file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] bytes = new byte[(int) Math.max(0, file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": its log " + log + " cannot be read", e);
        }
    }

    private boolean ended(Duration within) {
        try {
            return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new ServerStartException(name + ": interrupted while it started" + logTail(), e);
        }
    }
}

package io.celeriac.bench.harness;

import io.celeriac.bench.subject.Ready;
import io.celeriac.embedded.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A program that is measured, in a JVM of its own. */
public final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final ChildProcess process;
    private final long started;

    Program(ChildProcess process, long started) {
        this.process = process;
        this.started = started;
    }

    /**
     * Waits until it has its partitions, restored where there is something to restore.
     *
     * @return how long that took since the start of its JVM
     */
    public Duration awaitReady() {
        process.awaitLog(Ready.MARKER, PATIENCE);
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /**
     * Waits until it has written a line that begins with a marker.
     *
     * @return what stands behind the marker
     */
    public String awaitTold(String marker) {
        process.awaitLog(marker, PATIENCE);
        return process.logTail()
                .lines()
                .filter(line -> line.startsWith(marker))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no line begins with " + marker + process.logTail()))
                .substring(marker.length())
                .strip();
    }

    /** CPU time that it has used, on all cores. */
    public Duration cpu() {
        return cpu(process.pid());
    }

    static Duration cpu(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("the system does not tell the CPU time of a process"));
    }

    /** Memory that the system has given it; null where there is no {@code /proc}. */
    public @Nullable Long residentBytes() {
        var status = Path.of("/proc", String.valueOf(process.pid()), "status");
        if (!Files.isReadable(status)) {
            return null;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + status, e);
        }
    }

    /** The end of its log, as an appendix to a message. */
    public String logTail() {
        return process.logTail();
    }

    /** Ends it as a crash would. Safe to repeat. */
    public void kill() {
        process.kill();
    }

    /** What it would do at a graceful stop is not measured, so it is not waited for. */
    @Override
    public void close() {
        kill();
    }
}

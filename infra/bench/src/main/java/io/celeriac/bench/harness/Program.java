package io.celeriac.bench.harness;

import io.celeriac.bench.subject.Ready;
import io.celeriac.embedded.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A program that is measured, in a JVM of its own. */
public final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** A collection in a log of {@code -Xlog:gc}: the heap before and after it, in MB. */
    private static final Pattern COLLECTION = Pattern.compile(" Pause .* (\\d+)M->(\\d+)M\\(");

    private final ChildProcess process;
    private final long started;
    private final @Nullable Path gcLog;

    Program(ChildProcess process, long started, @Nullable Path gcLog) {
        this.process = process;
        this.started = started;
        this.gcLog = gcLog;
    }

    /** What it has allocated between its collections, which is all but the last part of it; null if it is no JVM. */
    public @Nullable Long allocatedBytes() {
        if (gcLog == null) {
            return null;
        }
        var bytes = 0L;
        var after = 0L;
        try (var lines = Files.lines(gcLog)) {
            for (var line : (Iterable<String>) lines::iterator) {
                var collection = COLLECTION.matcher(line);
                if (collection.find()) {
                    bytes += Math.max(0, Long.parseLong(collection.group(1)) - after) << 20;
                    after = Long.parseLong(collection.group(2));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + gcLog, e);
        }
        return bytes;
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

    /** CPU time that it has used, on all cores; with that of its children, as a shell starts its program as one. */
    public Duration cpu() {
        return ProcessHandle.of(process.pid())
                .map(handle ->
                        handle.children().map(child -> cpu(child.pid())).reduce(cpu(process.pid()), Duration::plus))
                .orElseThrow();
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

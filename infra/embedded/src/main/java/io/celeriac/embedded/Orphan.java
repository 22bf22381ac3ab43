package io.celeriac.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A server whose launcher was killed, found again by the pid file that the launcher left. A process is ours only when
 * its command line names our data directory: the number alone may be somebody else's by now.
 */
final class Orphan {

    private static final Duration GRACE = Duration.ofSeconds(20);

    private final Path file;
    private final Path data;

    Orphan(Path file, Path data) {
        this.file = file;
        this.data = data;
    }

    /** Remembers a server that this JVM started. */
    void write(long pid) throws IOException {
        Files.writeString(file, pid + "\n" + ProcessHandle.current().pid() + "\n");
    }

    void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }

    /**
     * Ends the orphan, if there is one.
     *
     * @throws ServerStartException when the server's launcher still lives: then it is no orphan, and two servers on one
     *     data directory would destroy it
     */
    void end() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        List<String> pids = Files.readAllLines(file);
        if (pids.size() == 2) {
            Optional<ProcessHandle> server = ProcessHandle.of(Long.parseLong(pids.get(0)));
            if (server.isPresent() && isOurs(server.get())) {
                requireOrphaned(server.get(), Long.parseLong(pids.get(1)));
                end(server.get());
            }
        }
        delete();
    }

    private void requireOrphaned(ProcessHandle server, long launcher) {
        if (server.parent()
                .map(ProcessHandle::pid)
                .filter(pid -> pid == launcher)
                .isPresent()) {
            throw new ServerStartException(
                    data + " is in use by process " + server.pid() + ", which process " + launcher + " started");
        }
    }

    private static void end(ProcessHandle server) throws IOException {
        server.destroy();
        if (!ended(server, GRACE)) {
            server.destroyForcibly();
            if (!ended(server, GRACE)) {
                throw new ServerStartException("MariaDB: orphan " + server.pid() + " survives SIGKILL");
            }
        }
    }

    private static boolean ended(ProcessHandle server, Duration within) throws IOException {
        long end = System.nanoTime() + within.toNanos();
        while (isRunning(server)) {
            if (System.nanoTime() > end) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** In a container whose first process reaps no children, an ended orphan stays as a zombie: without command line. */
    private static boolean isRunning(ProcessHandle server) throws IOException {
        return server.isAlive() && !commandLine(server).isEmpty();
    }

    private boolean isOurs(ProcessHandle server) throws IOException {
        return commandLine(server).contains("--datadir=" + data);
    }

    private static String commandLine(ProcessHandle process) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(process.pid()), "cmdline");
        if (!Files.isDirectory(Path.of("/proc/self"))) {
            return process.info().commandLine().orElse("");
        }
        try {
            return Files.readString(proc, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}

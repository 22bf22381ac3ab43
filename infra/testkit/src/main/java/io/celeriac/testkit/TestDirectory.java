package io.celeriac.testkit;

import io.celeriac.embedded.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Where the servers of this test run keep their data: {@code target/test-stack/<pid of the JVM>/<server>} of the module
 * under test. What earlier runs left there goes when the next one starts, so the logs of a failed run stay until then.
 */
final class TestDirectory {

    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestDirectory() {}

    /** A new, empty directory; {@code name} says what it is for. */
    static Path create(String name) {
        try {
            return Files.createDirectories(Run.HOME.resolve(name + "-" + COUNT.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory in " + Run.HOME, e);
        }
    }

    /**
     * The 370 MB of MariaDB's programs, unpacked once for all modules: in the target directory of the whole project,
     * which is the outermost one with a {@code .mvn}.
     */
    static Path binaries() {
        Path root = module();
        for (Path up = root; up != null; up = up.getParent()) {
            if (Files.isDirectory(up.resolve(".mvn"))) {
                root = up;
                break;
            }
        }
        return root.resolve("target").resolve("mariadb");
    }

    /** Surefire and Failsafe set basedir; an IDE starts tests in the module. */
    static Path module() {
        return Path.of(System.getProperty("basedir", System.getProperty("user.dir")))
                .toAbsolutePath();
    }

    /** Made once a JVM, on first use. */
    private static final class Run {

        static final Path HOME = create();

        private static Path create() {
            Path parent = module().resolve("target").resolve("test-stack");
            try {
                Files.createDirectories(parent);
                try (Stream<Path> runs = Files.list(parent)) {
                    for (Path run : runs.filter(Run::isOver).toList()) {
                        Directories.delete(run);
                    }
                }
                return parent.resolve(String.valueOf(ProcessHandle.current().pid()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot clear " + parent, e);
            }
        }

        private static boolean isOver(Path run) {
            long pid = Long.parseLong(run.getFileName().toString());
            return pid == ProcessHandle.current().pid()
                    || ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
        }
    }
}

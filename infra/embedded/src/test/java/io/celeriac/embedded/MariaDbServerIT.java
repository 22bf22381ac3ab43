package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data directories lie below {@code java.io.tmpdir}, as they do in a clone under /tmp. */
class MariaDbServerIT {

    private static final Path BINARIES =
            Path.of("..", "..", "target", "mariadb").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void keepsDataOverStopAndStart() throws Exception {
        MariaDbSettings settings = settings(directory);
        try (var server = MariaDbServer.start(settings)) {
            execute(server, "CREATE TABLE kept (id INT PRIMARY KEY)");
            execute(server, "INSERT INTO kept VALUES (1)");
        }
        assertThat(Files.exists(directory.resolve("mariadb.pid"))).isFalse();
        try (var server = MariaDbServer.start(settings)) {
            execute(server, "DELETE FROM kept WHERE id = 1");
        }
    }

    @Test
    void stopsWithinTwoSeconds() {
        var server = MariaDbServer.start(settings(directory));
        long start = System.nanoTime();
        server.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(server.isAlive()).isFalse();
    }

    @Test
    void worksInADirectoryWithALongPath() throws Exception {
        Path deep = directory.resolve("d".repeat(100)).resolve("d".repeat(100));
        try (var server = MariaDbServer.start(settings(deep))) {
            execute(server, "SELECT 1");
        }
    }

    /** A starting server deletes such a file wherever it keeps its temporary ones. */
    @Test
    void leavesTheTemporaryTablesOfOtherServers() throws Exception {
        Path ofAnother = Files.createTempFile("#sql-temptable-", ".MAI");
        try (var server = MariaDbServer.start(settings(directory))) {
            execute(server, "SELECT 1");
            assertThat(ofAnother).exists();
        } finally {
            Files.deleteIfExists(ofAnother);
        }
    }

    @Test
    void refusesADirectoryWhoseServerIsNoOrphan() {
        MariaDbSettings settings = settings(directory);
        try (var server = MariaDbServer.start(settings)) {
            assertThatThrownBy(() -> MariaDbServer.start(settings))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("in use by process " + server.pid());
        }
    }

    /** After kill -9 of everything of ours, the server itself is left, and holds the data directory and the port. */
    @Test
    void endsTheOrphanOfAKilledLauncherAndItsWatchdog() throws Exception {
        int port = FreePorts.pick();
        ChildProcess launcher = launch(port);
        ProcessHandle server = child(launcher, "--datadir");
        child(launcher, "watchdog").destroyForcibly();
        launcher.kill();
        assertThat(server.isAlive()).isTrue();

        try (var next = MariaDbServer.start(settings(directory, port))) {
            assertThat(next.pid()).isNotEqualTo(server.pid());
            execute(next, "SELECT 1");
        }
    }

    @Test
    void stopsTheServerWhenItsLauncherIsKilled() {
        ChildProcess launcher = launch(FreePorts.pick());
        ProcessHandle server = child(launcher, "--datadir");
        launcher.kill();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> server.info().command().isEmpty());
    }

    private ChildProcess launch(int port) {
        ChildProcess launcher = ChildProcess.startJava(
                "launcher",
                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
                MariaDbLauncherMain.class,
                List.of(directory.toString(), String.valueOf(port), BINARIES.toString()),
                directory.resolve("launcher.log"));
        launcher.awaitLog("LAUNCHED", Duration.ofSeconds(60));
        return launcher;
    }

    private static ProcessHandle child(ChildProcess launcher, String inCommandLine) {
        try (Stream<ProcessHandle> children = launcher.process().toHandle().children()) {
            return children.filter(
                            child -> child.info().commandLine().orElse("").contains(inCommandLine))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void execute(MariaDbServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl("celeriac"), "celeriac", "celeriac");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static MariaDbSettings settings(Path home) {
        return settings(home, FreePorts.pick());
    }

    static MariaDbSettings settings(Path home, int port) {
        return MariaDbSettings.of(home, port)
                .withBinaries(BINARIES)
                .withDatabase("celeriac", "celeriac", "celeriac")
                .withOptions("--innodb-log-file-size=16M");
    }
}

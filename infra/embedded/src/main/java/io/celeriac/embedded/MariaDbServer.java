package io.celeriac.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A MariaDB server, a child process on a directory that outlives it. Start it again on the same settings and the data
 * is there. It listens on TCP only: a Unix socket would need a path of at most 107 bytes, and nobody here uses one.
 *
 * <p>It never outlives this JVM for long. {@link #close()} stops it; when the JVM is killed, a {@link Watchdog} does;
 * when that was killed too, the next start on the same directory ends the {@link Orphan}.
 */
public final class MariaDbServer implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final Duration STOP_GRACE = Duration.ofSeconds(20);

    private final MariaDbSettings settings;
    private final ChildProcess process;
    private final Orphan pidFile;

    private MariaDbServer(MariaDbSettings settings, ChildProcess process, Orphan pidFile) {
        this.settings = settings;
        this.process = process;
        this.pidFile = pidFile;
    }

    /**
     * Unpacks and installs what is not there yet and waits until the server takes connections: less than 1 s, the first time
     * 2 s, and 3 s more to unpack.
     *
     * @throws ServerStartException when the port is taken, the directory is in use by a server of another living JVM,
     *     or the server does not come up in 90 s
     */
    public static MariaDbServer start(MariaDbSettings settings) {
        try {
            Path home = Files.createDirectories(settings.home());
            Path log = home.resolve("mariadb.log");
            var pidFile = new Orphan(home.resolve("mariadb.pid"), dataDirectory(settings));
            pidFile.end();
            FreePorts.requireFree("MariaDB", settings.port());
            var binaries = MariaDbBinaries.in(settings.binaries());
            Path tmp = Files.createDirectories(home.resolve("tmp"));
            install(binaries, home, tmp, log);
            Path statements = Files.write(
                    home.resolve("init.sql"),
                    settings.statements().stream().map(sql -> sql + ";").toList());
            ChildProcess process = binaries.startServer(options(settings, tmp, statements), log);
            try {
                pidFile.write(process.pid());
                Watchdog.guard(process);
                process.awaitLog("ready for connections", START_DEADLINE);
            } catch (IOException | RuntimeException e) {
                process.kill();
                throw e;
            }
            return new MariaDbServer(settings, process, pidFile);
        } catch (IOException e) {
            throw new ServerStartException("MariaDB: cannot write to " + settings.home(), e);
        }
    }

    public int port() {
        return settings.port();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The address of a database for MySQL's driver; further parameters may follow after an {@code &}. */
    public String jdbcUrl(String database) {
        return "jdbc:mysql://127.0.0.1:" + port() + "/" + database + "?allowPublicKeyRetrieval=true&sslMode=DISABLED";
    }

    /** Stops the server in order, in less than a second. Safe to repeat. */
    @Override
    public void close() {
        process.stop(STOP_GRACE);
        pidFile.delete();
    }

    /** Ends the server as a crash would. */
    public void kill() {
        process.kill();
        pidFile.delete();
    }

    private static Path dataDirectory(MariaDbSettings settings) {
        return settings.home().resolve("data");
    }

    /** In a directory beside the final one, so that a start that is interrupted leaves nothing half made. */
    private static void install(MariaDbBinaries binaries, Path home, Path tmp, Path log) throws IOException {
        Path data = home.resolve("data");
        if (Files.exists(data)) {
            return;
        }
        Path fresh = home.resolve("data.new");
        Directories.delete(fresh);
        binaries.install(fresh, tmp, log);
        Files.move(fresh, data);
    }

    private static List<String> options(MariaDbSettings settings, Path tmp, Path statements) {
        var options = new ArrayList<>(List.of(
                "--datadir=" + dataDirectory(settings),
                "--tmpdir=" + tmp,
                "--init-file=" + statements,
                "--console",
                "--port=" + settings.port(),
                "--bind-address=127.0.0.1",
                "--socket=",
                "--skip-name-resolve",
                "--skip-ssl", // else every start makes a new RSA key: 12 to 30 s before it listens
                "--character-set-server=utf8mb4",
                "--collation-server=utf8mb4_bin",
                // what MySQL 8.4 has, so that a statement which passes here passes there
                "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,"
                        + "ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
                "--max-allowed-packet=64M"));
        options.addAll(settings.options());
        return options;
    }
}

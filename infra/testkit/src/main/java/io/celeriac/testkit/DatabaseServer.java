package io.celeriac.testkit;

import io.celeriac.embedded.FreePorts;
import io.celeriac.embedded.MariaDbServer;
import io.celeriac.embedded.MariaDbSettings;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database server that a test has for itself, to take it away and bring it back: always a process, whatever the
 * setting {@code stack}. Its port and its data stay the same. Not for several threads at once.
 */
public final class DatabaseServer implements AutoCloseable {

    private static final String USER = "celeriac";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final MariaDbSettings settings;
    private MariaDbServer server;

    private DatabaseServer(MariaDbSettings settings) {
        this.settings = settings;
        this.server = MariaDbServer.start(settings);
    }

    /** Starts a server, in 2 to 6 s; it stops at {@link #close()}, or at the latest when this JVM ends. */
    public static DatabaseServer launch() {
        return new DatabaseServer(MariaDbSettings.of(TestDirectory.create("db"), FreePorts.pick())
                .withBinaries(TestDirectory.binaries())
                .withAdministrator(USER, USER)
                // Tests end processes, not machines: what the system has, it keeps.
                .withOptions("--innodb-flush-log-at-trx-commit=2", "--innodb-log-file-size=16M"));
    }

    /** A new, empty database, known to nobody else. */
    public TestDatabase createDatabase() {
        return TestDatabase.create(
                server.jdbcUrl(""), "test_" + DATABASES.incrementAndGet(), server::jdbcUrl, USER, USER);
    }

    public int port() {
        return settings.port();
    }

    /** Stops the server in order, in less than a second: connections break, new ones are refused. */
    public void stop() {
        server.close();
    }

    /** Ends the server as a crash would. */
    public void kill() {
        server.kill();
    }

    /** Starts the server again after {@link #stop()} or {@link #kill()}. */
    public void start() {
        if (server.isAlive()) {
            throw new IllegalStateException("the database server runs already, as process " + server.pid());
        }
        server = MariaDbServer.start(settings);
    }

    @Override
    public void close() {
        server.close();
    }
}

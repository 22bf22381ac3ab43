package io.celeriac.bench.harness;

import io.celeriac.embedded.FreePorts;
import io.celeriac.embedded.MariaDbServer;
import io.celeriac.embedded.MariaDbSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A MariaDB server of its own, with its defaults but for the options given. */
public final class Database {

    /** The name and the password of a user who may do everything. */
    public static final String USER = "celeriac";

    private final MariaDbServer server;

    private Database(MariaDbServer server) {
        this.server = server;
    }

    static Database start(Path home, List<String> options) {
        return new Database(MariaDbServer.start(MariaDbSettings.of(home, FreePorts.pick())
                .withAdministrator(USER, USER)
                .withOptions(options.toArray(String[]::new))));
    }

    /** The address of a schema, which the first connection makes; as the programs set it up: a batch goes in one statement. */
    public String url(String schema) {
        return server.jdbcUrl(schema) + "&createDatabaseIfNotExist=true&rewriteBatchedStatements=true";
    }

    /** CPU time that the server has used, on all cores. */
    public Duration cpu() {
        return Program.cpu(server.pid());
    }

    /** What it has stored is deleted anyway. */
    void kill() {
        server.kill();
    }
}

package io.celeriac.client.outbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** On PostgreSQL, which services have, too. */
class OutboxOnPostgresIT extends OutboxContract {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static EmbeddedPostgres server;

    OutboxOnPostgresIT() {
        super(database());
    }

    @BeforeAll
    static void startServer() throws IOException, InterruptedException {
        assumeTrue(mayRun(), "needs user namespaces, as PostgreSQL refuses to run as root");
        server = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(2))
                .start();
    }

    /** As root, the server runs in a user namespace of its own. */
    private static boolean mayRun() throws InterruptedException {
        if (!System.getProperty("user.name").equals("root")) {
            return true;
        }
        try {
            return new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static DataSource database() {
        var name = "outbox_" + DATABASES.incrementAndGet();
        JdbcClient.create(server.getPostgresDatabase())
                .sql("CREATE DATABASE " + name)
                .update();
        return new DriverManagerDataSource(server.getJdbcUrl("postgres", name));
    }
}

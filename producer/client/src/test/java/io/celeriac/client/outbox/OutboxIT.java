package io.celeriac.client.outbox;

import io.celeriac.testkit.TestStack;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** On MySQL or MariaDB. */
class OutboxIT extends OutboxContract {

    OutboxIT() {
        super(database());
    }

    private static DataSource database() {
        var created = TestStack.createDatabase();
        return new DriverManagerDataSource(created.jdbcUrl(), created.username(), created.password());
    }
}

package io.celeriac.schedule;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections for a change of the tables, without a time limit on what they wait for: it takes minutes where a table is large. A pool
 * sets the limit anew for others.
 */
final class MigrationRepository extends DelegatingDataSource {

    MigrationRepository(DataSource database) {
        super(database);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var connection = super.getConnection();
        try {
            connection.setNetworkTimeout(Runnable::run, 0);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}

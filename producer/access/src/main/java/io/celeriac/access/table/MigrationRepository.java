package io.celeriac.access.table;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections for migrations, without a socket timeout: changing a large table takes minutes. A pool restores the timeout for other
 * users.
 */
final class MigrationRepository extends DelegatingDataSource {

    /** Lock names are global on a server, so each database has its own. */
    private static final String LOCK = "CONCAT('celeriac-access-', MD5(DATABASE()))";

    private static final int LONGEST_WAIT_SECONDS = 3_600;

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

    /**
     * Runs a migration while no other program runs one. Flyway's own lock does not cover the creation of its history table. Two
     * programs that start on an empty database would both create it.
     *
     * @throws org.springframework.dao.DataAccessException when the database is not reached, or the lock is not free within an hour
     */
    void runAlone(Runnable migration) {
        try (var connection = getConnection();
                var statement = connection.createStatement()) {
            try (var taken = statement.executeQuery("SELECT GET_LOCK(" + LOCK + ", " + LONGEST_WAIT_SECONDS + ")")) {
                if (!taken.next() || taken.getInt(1) != 1) {
                    throw new DataAccessResourceFailureException("another program migrates for more than an hour");
                }
            }
            try {
                migration.run();
            } finally {
                statement.execute("SELECT RELEASE_LOCK(" + LOCK + ")");
            }
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("the lock of the migration cannot be taken", e);
        }
    }
}

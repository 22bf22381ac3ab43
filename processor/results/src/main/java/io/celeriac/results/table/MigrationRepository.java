package io.celeriac.results.table;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Brings the tables up to date. They have a Flyway history of their own, {@code flyway_history_results}, since several modules keep
 * tables in one database. Programs that start at the same time wait for Flyway's lock.
 */
final class MigrationRepository {

    private final Flyway flyway;

    MigrationRepository(DataSource database) {
        flyway = Flyway.configure(MigrationRepository.class.getClassLoader())
                .dataSource(new Unhurried(database))
                .locations("classpath:db/celeriac-results")
                .table("flyway_history_results")
                .baselineOnMigrate(true) // tables of other modules may be there already
                .baselineVersion("0")
                .load();
    }

    /**
     * Migrates the tables; tries once.
     *
     * @throws org.flywaydb.core.api.FlywayException when the database is unavailable, or refuses
     */
    void migrate() {
        flyway.migrate();
    }

    /** Connections without a network timeout: to change a large table takes minutes. A pool resets the timeout for other uses. */
    private static final class Unhurried extends DelegatingDataSource {

        Unhurried(DataSource database) {
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
}

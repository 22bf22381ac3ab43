package io.celeriac.access.table;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;

/**
 * Migrates the tables of this module. Their Flyway history is {@code flyway_history_access}, so that several modules can
 * share a database. Programs that start at the same time migrate one after the other.
 */
public final class AccessTables {

    private static final int RETRIES = 60;

    private final DataSource database;

    public AccessTables(DataSource database) {
        this.database = database;
    }

    /**
     * Blocks until the tables are up to date, for a minute while the database is away.
     *
     * @throws IllegalStateException if a migration fails or the database is not reached; the message names the setting
     */
    public void migrate() {
        try {
            var migrations = new MigrationRepository(database);
            var flyway = Flyway.configure()
                    .dataSource(migrations)
                    .connectRetries(RETRIES)
                    .connectRetriesInterval(1)
                    .locations("classpath:db/celeriac-access")
                    .table("flyway_history_access")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load();
            flyway.info(); // waits for the database
            migrations.runAlone(flyway::migrate);
        } catch (FlywayException | DataAccessException e) {
            throw new IllegalStateException(
                    "cannot bring the tables of access control up to date in the database that SPRING_DATASOURCE_URL"
                            + " (spring.datasource.url) names: " + e.getMessage(),
                    e);
        }
    }
}

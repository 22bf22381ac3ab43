package io.celeriac.schedule.table;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;

/**
 * Migrates the tables of this module. Their Flyway history is {@code flyway_history_schedule}, so that several modules can share a
 * database. Programs that start at the same time migrate one after the other.
 */
public final class ScheduleSchema {

    private final DataSource database;
    private final int retries;

    /**
     * @param retries how many times to retry a database that may still be starting, a second apart
     */
    public ScheduleSchema(DataSource database, int retries) {
        this.database = database;
        this.retries = retries;
    }

    /**
     * Blocks until the tables are up to date.
     *
     * @throws IllegalStateException if a migration fails or the database is not reached; the message names the setting
     */
    public void migrate() {
        try {
            var migrations = new MigrationRepository(database);
            var flyway = Flyway.configure()
                    .dataSource(migrations)
                    .connectRetries(retries)
                    .connectRetriesInterval(1)
                    .locations("classpath:db/celeriac-schedule")
                    .table("flyway_history_schedule")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load();
            flyway.info(); // waits for the database
            migrations.runAlone(flyway::migrate);
        } catch (FlywayException | DataAccessException e) {
            throw new IllegalStateException(
                    "cannot bring the schedules' tables up to date in the database that SPRING_DATASOURCE_URL"
                            + " (spring.datasource.url) names: " + e.getMessage(),
                    e);
        }
    }
}

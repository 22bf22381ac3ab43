package io.celeriac.schedule;

import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What an application imports to have {@link Schedules} and {@link FiringRepository}, over its own data source and clock. The
 * tables are brought up to date before either is there.
 *
 * <p>Settings, all rare: {@code celeriac.schedule.missed-after} (PT1S), what lateness makes a run a missed one;
 * {@code celeriac.schedule.database-retries} (60), how often to try and reach the database at start, a second apart.
 */
@Configuration(proxyBeanMethods = false)
public class ScheduleConfiguration {

    private static final String SCHEMA = "scheduleSchema";

    @Bean(name = SCHEMA, initMethod = "migrate")
    ScheduleSchema scheduleSchema(
            DataSource database, @Value("${celeriac.schedule.database-retries:60}") int databaseRetries) {
        return new ScheduleSchema(database, databaseRetries);
    }

    @Bean
    @DependsOn(SCHEMA)
    ScheduleRepository scheduleRepository(DataSource database) {
        return new ScheduleRepository(database);
    }

    @Bean
    @DependsOn(SCHEMA)
    FiringRepository firingRepository(
            DataSource database,
            PlatformTransactionManager transactions,
            @Value("${celeriac.schedule.missed-after:PT1S}") Duration missedAfter) {
        return new FiringRepository(database, transactions, new FiringPlanner(missedAfter));
    }

    @Bean
    Schedules schedules(
            ScheduleRepository schedules,
            FiringRepository firings,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new Schedules(schedules, firings, transactions, clock);
    }
}

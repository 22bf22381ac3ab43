package io.celeriac.schedule.history;

import io.celeriac.schedule.table.ScheduleSchema;
import io.celeriac.schedule.table.ScheduleTablesConfiguration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The repositories of past firings. */
@Configuration(proxyBeanMethods = false)
@Import(ScheduleTablesConfiguration.class)
public class FiringHistoryConfiguration {

    @Bean
    FiringRepository firingRepository(DataSource database, ScheduleSchema tables) {
        return new FiringRepository(database);
    }

    @Bean
    UnfinishedFiringRepository unfinishedFiringRepository(DataSource database, ScheduleSchema tables) {
        return new UnfinishedFiringRepository(database);
    }
}

package io.celeriac.schedule.store;

import io.celeriac.schedule.history.FiringHistoryConfiguration;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.history.UnfinishedFiringRepository;
import io.celeriac.schedule.table.ScheduleSchema;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/** What an application imports to have {@link Schedules}, over its own data source and clock. The tables are migrated first. */
@Configuration(proxyBeanMethods = false)
@Import(FiringHistoryConfiguration.class)
public class ScheduleStoreConfiguration {

    @Bean
    ScheduleRepository scheduleRepository(DataSource database, ScheduleSchema tables) {
        return new ScheduleRepository(database);
    }

    @Bean
    Schedules schedules(
            ScheduleRepository schedules,
            FiringRepository firings,
            UnfinishedFiringRepository unfinished,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new Schedules(schedules, firings, unfinished, transactions, clock);
    }

    @Bean
    LabelIndexer labelIndexer(DataSource database, ScheduleSchema tables, PlatformTransactionManager transactions) {
        return new LabelIndexer(new LabelRepository(database), transactions);
    }
}

package io.celeriac.schedule.backfill;

import io.celeriac.schedule.store.ScheduleRepository;
import io.celeriac.schedule.store.ScheduleStoreConfiguration;
import io.celeriac.schedule.table.ScheduleSchema;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/** What an application imports to have {@link FiringRequests}, over its own data source and clock. */
@Configuration(proxyBeanMethods = false)
@Import(ScheduleStoreConfiguration.class)
public class BackfillConfiguration {

    @Bean
    FiringRequestRepository requestRepository(DataSource database, ScheduleSchema tables) {
        return new FiringRequestRepository(database);
    }

    @Bean
    FiringRequests firingRequests(
            ScheduleRepository schedules,
            FiringRequestRepository requests,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new FiringRequests(schedules, requests, transactions, clock);
    }
}

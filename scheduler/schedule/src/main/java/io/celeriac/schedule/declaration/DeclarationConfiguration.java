package io.celeriac.schedule.declaration;

import io.celeriac.schedule.store.ScheduleStoreConfiguration;
import io.celeriac.schedule.store.Schedules;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/** What an application imports to have {@link Declarations} and {@link DeclaredSchedules}, over its own data source and clock. */
@Configuration(proxyBeanMethods = false)
@Import(ScheduleStoreConfiguration.class)
public class DeclarationConfiguration {

    @Bean
    Declarations declarations(Schedules schedules, DataSource database, PlatformTransactionManager transactions) {
        return new Declarations(schedules, database, transactions);
    }

    @Bean
    DeclaredSchedules declaredSchedules(Schedules schedules, DataSource database) {
        return new DeclaredSchedules(database);
    }
}

package io.celeriac.schedule.declaration;

import io.celeriac.schedule.ScheduleConfiguration;
import io.celeriac.schedule.Schedules;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/** What an application imports, beside {@link ScheduleConfiguration}, to have {@link Declarations} and
 * {@link DeclaredSchedules}. */
@Configuration(proxyBeanMethods = false)
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

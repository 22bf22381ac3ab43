package io.celeriac.schedule.table;

import io.celeriac.schedule.ScheduleProperties;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Brings the tables up to date before anything uses them: a bean that does takes the {@link ScheduleSchema}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScheduleProperties.class)
public class ScheduleTablesConfiguration {

    @Bean(initMethod = "migrate")
    ScheduleSchema scheduleSchema(DataSource database, ScheduleProperties settings) {
        return new ScheduleSchema(database, settings.databaseRetries());
    }
}

package io.celeriac.schedule.table;

import io.celeriac.schedule.ScheduleProperties;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Migrates the tables. A bean that uses them takes the {@link ScheduleSchema} as a parameter, and so comes later. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScheduleProperties.class)
public class ScheduleTablesConfiguration {

    @Bean(initMethod = "migrate")
    ScheduleSchema scheduleSchema(DataSource database, ScheduleProperties settings) {
        return new ScheduleSchema(database, settings.databaseRetries());
    }
}

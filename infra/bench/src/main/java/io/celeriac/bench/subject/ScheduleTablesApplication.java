package io.celeriac.bench.subject;

import io.celeriac.schedule.table.ScheduleTablesConfiguration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The tables of schedules without a scheduler, so that they can be filled before one runs. */
@Configuration(proxyBeanMethods = false)
@Import(ScheduleTablesConfiguration.class)
public class ScheduleTablesApplication {

    /**
     * Brings the tables up to date.
     *
     * @param database closed by that
     */
    public static void migrate(DataSource database) {
        MaterializerApplication.program(ScheduleTablesApplication.class, List.of("", ""), database)
                .run()
                .close();
    }

    @Bean
    PlatformTransactionManager transactions(DataSource database) {
        return new JdbcTransactionManager(database);
    }

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}

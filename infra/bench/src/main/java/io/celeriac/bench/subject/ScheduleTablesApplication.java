package io.celeriac.bench.subject;

import io.celeriac.schedule.table.ScheduleTablesConfiguration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

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
}

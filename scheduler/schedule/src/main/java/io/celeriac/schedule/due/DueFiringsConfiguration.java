package io.celeriac.schedule.due;

import io.celeriac.schedule.backfill.BackfillConfiguration;
import io.celeriac.schedule.backfill.FiringRequestClaimer;
import io.celeriac.schedule.backfill.FiringRequestRepository;
import io.celeriac.schedule.firing.BatchTransaction;
import io.celeriac.schedule.firing.Claimer;
import io.celeriac.schedule.firing.FiringConfiguration;
import io.celeriac.schedule.firing.KnownTasks;
import io.celeriac.schedule.firing.UnfinishedFirings;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.store.ScheduleRepository;
import io.celeriac.schedule.table.ScheduleSchema;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * What a scheduler imports to have {@link DueFirings}, over its own data source and clock. The application defines {@link
 * io.celeriac.schedule.firing.TaskStates} and a {@link io.celeriac.schedule.firing.ResultsHorizon}.
 */
@Configuration(proxyBeanMethods = false)
@Import({FiringConfiguration.class, BackfillConfiguration.class})
public class DueFiringsConfiguration {

    @Bean
    DueRepository dueRepository(DataSource database, ScheduleSchema tables) {
        return new DueRepository(database);
    }

    @Bean
    FiringRequestClaimer requestClaimer(
            FiringRequestRepository requests,
            ScheduleRepository schedules,
            FiringRepository history,
            UnfinishedFirings unfinished,
            KnownTasks known,
            BatchTransaction batches) {
        return new FiringRequestClaimer(requests, schedules, history, unfinished, known, batches);
    }

    @Bean
    DueFirings dueFirings(DueRepository due, Claimer schedules, FiringRequestClaimer requests) {
        return new DueFirings(due, schedules, requests);
    }
}

package io.celeriac.schedule.firing;

import io.celeriac.schedule.ScheduleProperties;
import io.celeriac.schedule.history.FiringRepository;
import io.celeriac.schedule.history.UnfinishedFiringRepository;
import io.celeriac.schedule.store.ScheduleStoreConfiguration;
import io.celeriac.schedule.table.ScheduleSchema;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What an application imports to have a {@link Claimer}, over its own data source. The application defines {@link TaskStates} and a
 * {@link ResultsHorizon}.
 */
@Configuration(proxyBeanMethods = false)
@Import(ScheduleStoreConfiguration.class)
public class FiringConfiguration {

    @Bean
    ClaimRepository claimRepository(DataSource database, ScheduleSchema tables) {
        return new ClaimRepository(database);
    }

    @Bean
    SentTasks sentTasks() {
        return new SentTasks();
    }

    @Bean
    KnownTasks knownTasks(ObjectProvider<TaskStates> states, SentTasks sent, ObjectProvider<ResultsHorizon> horizon) {
        return new KnownTasks(
                states.getIfAvailable(() -> TaskStates.UNKNOWN),
                sent,
                horizon.getIfAvailable(() -> ResultsHorizon.NONE));
    }

    @Bean
    UnfinishedFirings unfinishedFirings(
            UnfinishedFiringRepository firings, KnownTasks known, ScheduleProperties settings) {
        return new UnfinishedFirings(firings, known.states(), settings);
    }

    @Bean
    BatchTransaction batchTransaction(PlatformTransactionManager transactions) {
        return new BatchTransaction(transactions);
    }

    @Bean
    Claimer claimer(
            ClaimRepository claims,
            FiringRepository history,
            UnfinishedFirings unfinished,
            KnownTasks known,
            ScheduleProperties settings,
            BatchTransaction batches) {
        return new Claimer(claims, history, unfinished, known, settings, batches);
    }
}

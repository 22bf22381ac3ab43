package io.celeriac.schedule;

import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * What an application imports to have {@link Schedules}, {@link FiringRequests} and {@link Claimer}, over its own data source and
 * clock. The tables are brought up to date before either is there. One that fires also brings {@link TaskStates} and a
 * {@link ResultsHorizon}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScheduleProperties.class)
public class ScheduleConfiguration {

    private static final String SCHEMA = "scheduleSchema";

    @Bean(name = SCHEMA, initMethod = "migrate")
    ScheduleSchema scheduleSchema(DataSource database, ScheduleProperties settings) {
        return new ScheduleSchema(database, settings.databaseRetries());
    }

    @Bean
    @DependsOn(SCHEMA)
    ScheduleRepository scheduleRepository(DataSource database) {
        return new ScheduleRepository(database);
    }

    @Bean
    @DependsOn(SCHEMA)
    FiringRepository firingRepository(DataSource database) {
        return new FiringRepository(database);
    }

    @Bean
    @DependsOn(SCHEMA)
    UnfinishedFiringRepository runRepository(DataSource database) {
        return new UnfinishedFiringRepository(database);
    }

    @Bean
    @DependsOn(SCHEMA)
    RequestRepository requestRepository(DataSource database) {
        return new RequestRepository(database);
    }

    @Bean
    Claimer claimer(
            FiringRepository firings,
            UnfinishedFiringRepository runs,
            RequestRepository requests,
            KnownTasks known,
            ScheduleProperties settings,
            PlatformTransactionManager transactions) {
        return new Claimer(firings, runs, requests, known, settings, transactions);
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
    Schedules schedules(
            ScheduleRepository schedules,
            FiringRepository firings,
            UnfinishedFiringRepository runs,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new Schedules(schedules, firings, runs, transactions, clock);
    }

    @Bean
    FiringRequests runRequests(
            ScheduleRepository schedules,
            RequestRepository requests,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new FiringRequests(schedules, requests, transactions, clock);
    }

    @Bean(destroyMethod = "close")
    HistoryJanitor historyJanitor(
            FiringRepository firings, RequestRepository requests, ScheduleProperties settings, InstantSource clock) {
        return new HistoryJanitor(firings, requests, settings.keepHistory(), clock);
    }

    @Bean
    LabelIndexer labelIndexer(DataSource database, ScheduleSchema schema, PlatformTransactionManager transactions) {
        return new LabelIndexer(new LabelRepository(database), transactions);
    }
}

package io.celeriac.schedule.retention;

import io.celeriac.schedule.ScheduleProperties;
import io.celeriac.schedule.backfill.BackfillConfiguration;
import io.celeriac.schedule.backfill.FiringRequestRepository;
import io.celeriac.schedule.history.FiringRepository;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What a scheduler imports to have a {@link HistoryJanitor}, over its own data source and clock. */
@Configuration(proxyBeanMethods = false)
@Import(BackfillConfiguration.class)
public class HistoryRetentionConfiguration {

    @Bean(destroyMethod = "close")
    HistoryJanitor historyJanitor(
            FiringRepository firings,
            FiringRequestRepository requests,
            ScheduleProperties settings,
            InstantSource clock) {
        return new HistoryJanitor(firings, requests, settings.keepHistory(), clock);
    }
}

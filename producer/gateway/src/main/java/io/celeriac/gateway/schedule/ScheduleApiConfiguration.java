package io.celeriac.gateway.schedule;

import io.celeriac.schedule.ScheduleConfiguration;
import io.celeriac.schedule.declaration.DeclarationConfiguration;
import io.celeriac.schedule.declaration.DeclaredSchedules;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the controllers of schedules work with. */
@Configuration(proxyBeanMethods = false)
@Import({ScheduleConfiguration.class, DeclarationConfiguration.class})
class ScheduleApiConfiguration {

    @Bean
    ScheduleViews scheduleViews(DeclaredSchedules declared) {
        return new ScheduleViews(declared);
    }
}

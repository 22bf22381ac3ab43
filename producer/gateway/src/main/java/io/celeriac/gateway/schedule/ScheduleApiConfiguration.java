package io.celeriac.gateway.schedule;

import io.celeriac.schedule.ScheduleConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the controller of schedules works with. */
@Configuration(proxyBeanMethods = false)
@Import(ScheduleConfiguration.class)
class ScheduleApiConfiguration {}

package io.celeriac.scheduleweb;

import io.celeriac.schedule.backfill.BackfillConfiguration;
import io.celeriac.schedule.declaration.DeclarationConfiguration;
import io.celeriac.schedule.declaration.DeclaredSchedules;
import io.celeriac.web.WebAutoConfiguration;
import io.celeriac.web.load.SearchInterceptor;
import io.celeriac.web.load.Searches;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Adds the REST calls of schedules to an application, unless {@code celeriac.web.enabled=false}. */
@AutoConfiguration(after = WebAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", matchIfMissing = true)
@ComponentScan(
        nameGenerator =
                FullyQualifiedAnnotationBeanNameGenerator.class, // an application may have classes of the same name
        excludeFilters =
                @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class))
@Import({BackfillConfiguration.class, DeclarationConfiguration.class})
public class ScheduleWebAutoConfiguration {

    private static final String[] SEARCHES = {
        "/api/schedules", "/api/schedule-declarations", "/api/schedules/*/firings", "/api/schedules/*/backfills"
    };

    @Bean
    ScheduleViews scheduleViews(DeclaredSchedules declared) {
        return new ScheduleViews(declared);
    }

    /** Half of the connections, so that slow lists leave the others to other calls. */
    @Bean
    ListPermits scheduleListPermits(Environment environment) {
        var connections = environment.getProperty("spring.datasource.hikari.maximum-pool-size", Integer.class, 10);
        return new ListPermits(Math.max(1, connections / 2));
    }

    /** Lists of schedules count as searches. */
    @Bean
    WebMvcConfigurer searchesOfSchedules(Searches searches) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new SearchInterceptor(searches)).addPathPatterns(SEARCHES);
            }
        };
    }
}

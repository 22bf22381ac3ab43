package io.celeriac.gateway.schedule;

import io.celeriac.schedule.backfill.BackfillConfiguration;
import io.celeriac.schedule.declaration.DeclarationConfiguration;
import io.celeriac.schedule.declaration.DeclaredSchedules;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** What the controllers of schedules work with. */
@Configuration(proxyBeanMethods = false)
@Import({BackfillConfiguration.class, DeclarationConfiguration.class})
class ScheduleApiConfiguration {

    @Bean
    ScheduleViews scheduleViews(DeclaredSchedules declared) {
        return new ScheduleViews(declared);
    }

    /** Half of the connections, so that lists that take long leave the others to all else. */
    @Bean
    ListPermits scheduleListPermits(Environment environment) {
        var connections = environment.getProperty("spring.datasource.hikari.maximum-pool-size", Integer.class, 10);
        return new ListPermits(Math.max(1, connections / 2));
    }

    /** So that a schedule that somebody named {@code a/b} by SQL is found at {@code a%2Fb}, and can be deleted; so with a backslash. */
    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> encodedSlashes() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
        });
    }
}

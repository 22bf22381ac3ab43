package io.celeriac.web;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.web.receipt.LatestReceipts;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.core.env.Environment;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** Adds the common parts of all REST modules to an application, unless {@code celeriac.web.enabled=false}. */
@AutoConfiguration(
        before = {JacksonAutoConfiguration.class, ErrorMvcAutoConfiguration.class},
        after = KafkaAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
@ComponentScan(
        nameGenerator =
                FullyQualifiedAnnotationBeanNameGenerator.class, // an application may have classes of the same name
        excludeFilters =
                @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class))
public class WebAutoConfiguration {

    /** Writes bodies in the wire format, so that a result looks the same over HTTP and on its topic. */
    @Bean
    JsonMapper jsonMapper() {
        return TaskJson.MAPPER
                .rebuild()
                .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
                .build();
    }

    @Bean
    LatestReceipts latestReceipts() {
        return new LatestReceipts();
    }

    /** The settings {@code celeriac.redaction}, by which payloads are shown. */
    @Bean
    @ConditionalOnMissingBean
    RedactionRules redactionRules(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate(
                        "celeriac.redaction",
                        Bindable.of(RedactionRules.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    }
}

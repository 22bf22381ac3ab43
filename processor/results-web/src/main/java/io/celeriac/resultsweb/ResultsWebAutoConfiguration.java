package io.celeriac.resultsweb;

import io.celeriac.results.query.ResultQueryConfiguration;
import io.celeriac.web.WebAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.context.annotation.Import;

/** Adds the REST calls and event streams of results to an application, unless {@code celeriac.web.enabled=false}. */
@AutoConfiguration(after = WebAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", matchIfMissing = true)
@Import(ResultQueryConfiguration.class)
@ComponentScan(
        nameGenerator =
                FullyQualifiedAnnotationBeanNameGenerator.class, // an application may have classes of the same name
        excludeFilters =
                @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class))
public class ResultsWebAutoConfiguration {}

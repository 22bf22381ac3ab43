package io.celeriac.access;

import io.celeriac.access.table.AccessTables;
import io.celeriac.web.WebAutoConfiguration;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/** Adds access control to an application with REST calls, unless {@code celeriac.access.enabled=false}. */
@AutoConfiguration(before = WebAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "celeriac.access.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AccessProperties.class)
@ComponentScan(
        nameGenerator =
                FullyQualifiedAnnotationBeanNameGenerator.class, // an application may have classes of the same name
        excludeFilters = {
            @ComponentScan.Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class),
            @ComponentScan.Filter(type = FilterType.REGEX, pattern = "io\\.celeriac\\.access\\.open\\..*")
        })
public class AccessAutoConfiguration {

    @Bean(initMethod = "migrate")
    AccessTables accessTables(DataSource database) {
        return new AccessTables(database);
    }
}

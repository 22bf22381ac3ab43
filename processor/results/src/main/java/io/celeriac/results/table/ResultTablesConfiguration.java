package io.celeriac.results.table;

import io.celeriac.results.ResultsProperties;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Brings the tables up to date before anything uses them, in programs that need them at the start. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ResultsProperties.class)
public class ResultTablesConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    ResultTables resultTables(DataSource database, Environment environment, ResultsProperties settings) {
        var url = environment.getProperty("spring.datasource.url", "not set");
        return ResultTables.migrate(database, url, settings.startTimeout());
    }
}

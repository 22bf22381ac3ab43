package io.celeriac.results.query;

import io.celeriac.results.ResultsProperties;
import io.celeriac.results.count.CountRepository;
import io.celeriac.results.count.FailureCountRepository;
import io.celeriac.results.depth.DepthRepository;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.ResultTablesConfiguration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Configures a program that reads results: a {@link TaskResultRepository} over the {@code DataSource} of the application. */
@Configuration(proxyBeanMethods = false)
@Import(ResultTablesConfiguration.class)
public class ResultQueryConfiguration {

    @Bean
    TaskResultRepository taskResultRepository(DataSource database, ResultTables tables, ResultsProperties settings) {
        return new TaskResultRepository(
                database, tables, settings.indexedArguments(), TaskResultRepository.SEARCH_PATIENCE);
    }

    @Bean
    CompletionRepository completionRepository(DataSource database, ResultTables tables) {
        return new CompletionRepository(database, tables);
    }

    @Bean
    CountRepository countRepository(DataSource database, ResultTables tables) {
        return new CountRepository(database, tables);
    }

    @Bean
    FailureCountRepository failureCountRepository(DataSource database, ResultTables tables) {
        return new FailureCountRepository(database, tables);
    }

    @Bean
    DepthRepository depthRepository(DataSource database, ResultTables tables) {
        return new DepthRepository(database, tables);
    }
}

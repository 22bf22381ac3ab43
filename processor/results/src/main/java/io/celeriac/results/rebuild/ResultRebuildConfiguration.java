package io.celeriac.results.rebuild;

import io.celeriac.results.materializer.MaterializedResultRepository;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.table.ResultTablesConfiguration;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Configures a program that empties the tables: a {@link ResultRebuild} over the {@code DataSource} of the application. */
@Configuration(proxyBeanMethods = false)
@Import(ResultTablesConfiguration.class)
public class ResultRebuildConfiguration {

    @Bean
    ResultRebuild resultRebuild(DataSource database, ResultTables tables) {
        return new ResultRebuild(
                new TaskResultRepository(database, tables), new MaterializedResultRepository(database, tables));
    }
}

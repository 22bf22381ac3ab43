package io.celeriac.resultsweb.view;

import io.celeriac.results.table.ResultTables;
import io.celeriac.results.view.ViewRepository;
import io.celeriac.resultsweb.search.TaskFields;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind {@link ViewController}. */
@Configuration(proxyBeanMethods = false)
class ViewConfiguration {

    @Bean
    ViewRepository viewRepository(DataSource database, ResultTables tables) {
        return new ViewRepository(database, tables);
    }

    @Bean
    Views views(ViewRepository repository) {
        return new Views(repository);
    }

    @Bean
    SearchCheck searchCheck(TaskFields fields) {
        return fields::condition;
    }
}

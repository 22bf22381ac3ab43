package io.celeriac.resultsweb.view;

import io.celeriac.results.table.ResultTables;
import io.celeriac.results.view.ViewRepository;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.search.QueryLimits;
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
    SearchCheck searchCheck() {
        return q -> {
            if (q.length() > QueryLimits.LENGTH) {
                throw ProblemException.invalid("q", "must have at most " + QueryLimits.LENGTH + " characters");
            }
        };
    }
}

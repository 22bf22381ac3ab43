package io.celeriac.resultsweb.view;

import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.results.table.ResultTables;
import io.celeriac.results.view.ViewRepository;
import io.celeriac.resultsweb.search.TaskFields;
import io.celeriac.web.load.Searches;
import java.security.SecureRandom;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind {@link ViewController}. */
@Configuration(proxyBeanMethods = false)
class ViewConfiguration {

    private static final long LARGEST_FIRST = 1L << 52; // JSON numbers in browsers are exact up to 2^53

    @Bean
    ViewRepository viewRepository(DataSource database, ResultTables tables) {
        var random = new SecureRandom();
        return new ViewRepository(database, tables, () -> random.nextLong(1, LARGEST_FIRST));
    }

    @Bean
    Views views(ViewRepository repository, TaskFields fields) {
        return new Views(repository, fields);
    }

    @Bean
    ViewCounts viewCounts(TaskFields fields, TaskResultRepository tasks, Searches searches) {
        return new ViewCounts(fields, filter -> tasks.count(filter, ViewCounts.MOST), searches);
    }

    @Bean
    SearchCheck searchCheck(TaskFields fields) {
        return fields::condition;
    }
}

package io.celeriac.resultsweb.search;

import io.celeriac.results.ResultsProperties;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the search grammar over tasks. */
@Configuration(proxyBeanMethods = false)
class SearchConfiguration {

    @Bean
    TaskFields taskFields(ResultsProperties settings, InstantSource clock) {
        return new TaskFields(settings.indexedArguments(), clock);
    }
}

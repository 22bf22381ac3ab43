package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountRepository;
import io.celeriac.web.load.Searches;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the numbers of what ended. */
@Configuration(proxyBeanMethods = false)
class StatsConfiguration {

    @Bean
    StatsSampler statsSampler(CountRepository counters, Searches searches, InstantSource clock) {
        return new StatsSampler(
                query -> Stats.of(query, searches.run(() -> counters.count(query))), clock, Ticker.systemTicker());
    }
}

package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountRepository;
import io.celeriac.results.depth.DepthRepository;
import io.celeriac.web.load.Searches;
import io.celeriac.web.queue.QueueDepths;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the numbers of what ended, and of how full the queues were. */
@Configuration(proxyBeanMethods = false)
class StatsConfiguration {

    @Bean
    StatsSampler statsSampler(CountRepository counters, Searches searches, InstantSource clock) {
        return new StatsSampler(
                query -> Stats.of(query, searches.run(() -> counters.count(query))), clock, Ticker.systemTicker());
    }

    /** Without somebody who knows the queues, nothing is kept. */
    @Bean(initMethod = "start", destroyMethod = "close")
    DepthSampler depthSampler(ObjectProvider<QueueDepths> depths, DepthRepository repository, InstantSource clock) {
        return new DepthSampler(depths.getIfAvailable(() -> List::of), repository, clock);
    }
}

package io.celeriac.resultsweb.stats;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.results.count.CountQuery;
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

    @Bean
    DeepestQueues deepestQueues(DepthRepository repository, Searches searches, InstantSource clock) {
        return new DeepestQueues(
                window -> searches.run(() -> deepest(repository, window)), clock, Ticker.systemTicker());
    }

    private static List<QueueHistory> deepest(DepthRepository repository, CountQuery window) {
        return repository.deepest(window.queues(), window.from(), window.to(), DeepestQueues.MOST).stream()
                .map(queue -> QueueHistory.of(
                        queue,
                        window.from(),
                        window.step(),
                        repository.read(queue, window.from(), window.step(), window.steps())))
                .toList();
    }

    /** Without somebody who knows the queues, nothing is kept. */
    @Bean(initMethod = "start", destroyMethod = "close")
    DepthSampler depthSampler(ObjectProvider<QueueDepths> depths, DepthRepository repository, InstantSource clock) {
        return new DepthSampler(depths.getIfAvailable(() -> List::of), repository, clock);
    }
}

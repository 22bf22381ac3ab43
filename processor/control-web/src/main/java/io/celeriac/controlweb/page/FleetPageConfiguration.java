package io.celeriac.controlweb.page;

import io.celeriac.controlweb.queue.QueueController;
import io.celeriac.controlweb.worker.WorkerController;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.page.OverviewPart;
import io.celeriac.web.page.Place;
import io.celeriac.web.queue.QueueDepths;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What queues and workers add to the navigation and to the overview. */
@Configuration(proxyBeanMethods = false)
class FleetPageConfiguration {

    @Bean
    Place queuesPlace() {
        return new Place(20, "/queues", "place.queues", "queues", 'q', Authority.TASK_READ, false);
    }

    @Bean
    Place workersPlace() {
        return new Place(30, "/workers", "place.workers", "workers", 'w', Authority.TASK_READ, false);
    }

    @Bean
    OverviewPart fleetOverview(QueueController queues, WorkerController workers, InstantSource clock) {
        return new FleetOverview(queues, workers, clock);
    }

    @Bean
    QueueDepths queueDepths(QueueController queues, InstantSource clock) {
        return new FleetDepths(queues, clock);
    }
}

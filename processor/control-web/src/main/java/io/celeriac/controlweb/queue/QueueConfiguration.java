package io.celeriac.controlweb.queue;

import io.celeriac.contract.topic.Topics;
import io.celeriac.controlweb.fleet.Fleet;
import io.celeriac.web.kafka.TopicConsumers;
import io.celeriac.web.receipt.SubmissionWarnings;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind the controller of queues. */
@Configuration(proxyBeanMethods = false)
class QueueConfiguration {

    private static final int FETCH = 1 << 20;

    @Bean(destroyMethod = "close")
    QueueSampler queueSampler(Admin admin, Topics topics, TopicConsumers consumers, InstantSource clock) {
        return new QueueSampler(admin, topics, () -> consumers.open("queues", "earliest", FETCH), clock);
    }

    @Bean
    SubmissionWarnings submissionWarnings(Fleet fleet, InstantSource clock) {
        return new FleetWarnings(fleet, clock);
    }
}

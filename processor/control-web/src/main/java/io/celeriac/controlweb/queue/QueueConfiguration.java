package io.celeriac.controlweb.queue;

import io.celeriac.contract.redaction.RedactionRules;
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
    QueueReader queueReader(TopicConsumers consumers) {
        return new QueueReader(() -> consumers.open("peek", "earliest", FETCH));
    }

    @Bean
    HandlerSecrets handlerSecrets(Fleet fleet, RedactionRules rules) {
        return new HandlerSecrets(
                () -> fleet.all().stream()
                        .flatMap(seen -> seen.heartbeat().handlers().stream())
                        .toList(),
                rules);
    }

    @Bean
    SubmissionWarnings submissionWarnings(Fleet fleet, InstantSource clock) {
        return new FleetWarnings(fleet, clock);
    }
}

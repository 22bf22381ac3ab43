package io.celeriac.resultsweb.retry;

import io.celeriac.client.TaskSender;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.results.action.RerunRepository;
import io.celeriac.resultsweb.action.TaskMatches;
import io.celeriac.web.kafka.QueueDirectory;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures retries as a kind of actions. */
@Configuration(proxyBeanMethods = false)
class RetryConfiguration {

    @Bean
    RetryWork retryWork(
            TaskMatches matches,
            RerunRepository reruns,
            QueueDirectory queues,
            TaskSender client,
            RedactionRules rules,
            InstantSource clock) {
        return new RetryWork(matches, reruns, queues, client, rules, clock);
    }
}

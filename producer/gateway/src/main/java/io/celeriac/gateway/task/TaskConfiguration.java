package io.celeriac.gateway.task;

import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.GatewayProperties;
import io.celeriac.gateway.TopicConsumers;
import io.celeriac.gateway.event.ResultListener;
import io.celeriac.results.TaskResultRepository;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.AsyncTaskExecutor;

/** What the controller of tasks works with. */
@Configuration(proxyBeanMethods = false)
class TaskConfiguration {

    @Bean
    QueueDirectory queueDirectory(Admin admin, Topics topics) {
        return new QueueDirectory(admin, topics);
    }

    @Bean
    SubmissionReader submissionReader(InstantSource clock, GatewayProperties settings) {
        return new SubmissionReader(clock, settings.maxTaskSize().toBytes());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ResultWatcher resultWatcher(
            TopicConsumers consumers, Topics topics, RedactionRules rules, ResultListener listener) {
        return new ResultWatcher(consumers.open("watcher", "latest"), topics.results(), rules, listener);
    }

    @Bean
    ResultReader resultReader(
            TaskResultRepository repository,
            ResultWatcher watcher,
            RedactionRules rules,
            @Qualifier("applicationTaskExecutor") AsyncTaskExecutor executor) {
        return new ResultReader(id -> repository.find(id).map(rules::redact), watcher, executor);
    }

    @Bean
    AtLeast atLeast(
            TaskResultRepository repository,
            Topics topics,
            @Qualifier("applicationTaskExecutor") AsyncTaskExecutor executor) {
        return new AtLeast(repository, topics, executor);
    }

    @Bean
    Waiting waiting(Admin admin, Topics topics, InstantSource clock) {
        return new Waiting(admin, topics, clock);
    }
}

package io.celeriac.gateway.task;

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
    ResultWatcher resultWatcher(TopicConsumers consumers, Topics topics, ResultListener listener) {
        return new ResultWatcher(consumers.open("watcher", "latest"), topics.results(), listener);
    }

    @Bean
    ResultReader resultReader(
            TaskResultRepository repository,
            ResultWatcher watcher,
            @Qualifier("applicationTaskExecutor") AsyncTaskExecutor executor) {
        return new ResultReader(repository::find, watcher, executor);
    }

    @Bean
    TaskLister taskLister(TaskResultRepository repository) {
        return repository::list;
    }
}

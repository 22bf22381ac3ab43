package io.celeriac.resultsweb.task;

import com.github.benmanes.caffeine.cache.Ticker;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.resultsweb.event.ResultListener;
import io.celeriac.web.caller.QueueOfTask;
import io.celeriac.web.kafka.QueueDirectory;
import io.celeriac.web.kafka.TopicConsumers;
import io.celeriac.web.load.Bounds;
import io.celeriac.web.load.Questions;
import io.celeriac.web.load.Searches;
import io.celeriac.web.loop.Loops;
import io.celeriac.web.receipt.SubmissionWarnings;
import java.time.InstantSource;
import org.apache.kafka.clients.admin.Admin;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the beans behind the controllers of tasks. */
@Configuration(proxyBeanMethods = false)
class TaskConfiguration {

    private static final int WATCHER_FETCH = 8 << 20;

    @Bean(initMethod = "start", destroyMethod = "close")
    ResultWatcher resultWatcher(
            TopicConsumers consumers,
            Topics topics,
            RedactionRules rules,
            ResultListener listener,
            Bounds bounds,
            Loops loops) {
        return new ResultWatcher(
                () -> consumers.open("watcher", "latest", WATCHER_FETCH),
                topics.results(),
                rules,
                listener,
                bounds.resultBytes(),
                loops);
    }

    @Bean
    ResultWait resultWait(
            TaskResultRepository repository, ResultWatcher watcher, RedactionRules rules, Questions executor) {
        return new ResultWait(id -> repository.find(id).map(rules::redact), watcher, executor);
    }

    @Bean
    ReadYourWrites readYourWrites(
            TaskResultRepository repository, Topics topics, QueueDirectory queues, Questions executor) {
        return new ReadYourWrites(repository, topics, queues, executor);
    }

    @Bean
    TaskFinder taskFinder(TaskResultRepository repository, Searches searches, Bounds bounds, InstantSource clock) {
        return new TaskFinder(repository, searches, bounds.pageBytes(), clock, Ticker.systemTicker());
    }

    @Bean
    QueueOfTask queueOfTask(TaskResultRepository repository) {
        return repository::queues;
    }

    @Bean
    WaitReason waitReason(
            Admin admin, Topics topics, ObjectProvider<SubmissionWarnings> warnings, InstantSource clock) {
        return new WaitReason(admin, topics, warnings.getIfAvailable(() -> SubmissionWarnings.NONE), clock);
    }
}

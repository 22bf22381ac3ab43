package io.celeriac.gateway.task;

import io.celeriac.client.TaskClient;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.GatewayProperties;
import io.celeriac.gateway.TopicConsumers;
import io.celeriac.gateway.event.ResultListener;
import io.celeriac.gateway.load.Bounds;
import io.celeriac.gateway.load.Questions;
import io.celeriac.gateway.loop.Loops;
import io.celeriac.results.query.TaskResultRepository;
import java.time.InstantSource;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the controller of tasks works with. */
@Configuration(proxyBeanMethods = false)
class TaskConfiguration {

    private static final int WATCHER_FETCH = 8 << 20;
    private static final int BATCHES_AT_ONCE = 2;

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
    ResultReader resultReader(
            TaskResultRepository repository, ResultWatcher watcher, RedactionRules rules, Questions executor) {
        return new ResultReader(id -> repository.find(id).map(rules::redact), watcher, executor);
    }

    @Bean
    ReadYourWrites atLeast(TaskResultRepository repository, Topics topics, QueueDirectory queues, Questions executor) {
        return new ReadYourWrites(repository, topics, queues, executor);
    }

    @Bean
    LatestReceipts latestReceipts() {
        return new LatestReceipts();
    }

    @Bean
    WaitReason waiting(Admin admin, Topics topics, InstantSource clock) {
        return new WaitReason(admin, topics, clock);
    }

    /** A few producers of their own, since a transaction takes all that its producer sends. */
    @Bean(destroyMethod = "close")
    BatchSender batchSender(
            KafkaProperties kafka, KafkaConnectionDetails connection, TaskClient client, Topics topics) {
        Map<String, Object> config = kafka.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        return new BatchSender(
                BatchProducers.of(config, topics.namespace() + ".gateway.batch", BATCHES_AT_ONCE), client);
    }
}

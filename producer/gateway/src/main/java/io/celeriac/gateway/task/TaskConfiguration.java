package io.celeriac.gateway.task;

import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.topic.Topics;
import io.celeriac.gateway.GatewayProperties;
import io.celeriac.results.TaskResultRepository;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
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
            KafkaProperties kafka, KafkaConnectionDetails connection, Topics topics, RedactionRules rules) {
        Map<String, Object> config = kafka.buildConsumerProperties();
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, topics.namespace() + ".gateway." + UUID.randomUUID());
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new ResultWatcher(new KafkaConsumer<>(config), topics.results(), rules);
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

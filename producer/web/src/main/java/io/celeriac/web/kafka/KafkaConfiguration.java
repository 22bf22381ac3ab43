package io.celeriac.web.kafka;

import io.celeriac.contract.rule.TaskRules;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.StartException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Configures the Kafka clients that REST calls share. */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    /** Closed with the application. */
    @Bean
    Admin admin(KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> config = kafka.buildAdminProperties();
        config.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        return Admin.create(config);
    }

    /** The topics; this bean creates those that are missing. */
    @Bean
    Topics topics(Admin admin, TopicProperties settings, Environment environment, KafkaConnectionDetails connection) {
        var queues = new LinkedHashSet<String>();
        queues.add(TaskRules.DEFAULT_QUEUE);
        queues.addAll(Binder.get(environment)
                .bind("celeriac.queues", Bindable.listOf(String.class))
                .orElse(List.of()));
        try {
            settings.provision(admin, queues);
        } catch (IllegalStateException e) {
            throw new StartException(
                    "The topics are not as they should be, or Kafka does not answer at spring.kafka.bootstrap-servers"
                            + " (KAFKA_BOOTSTRAP_SERVERS) " + connection.getBootstrapServers() + ": " + e.getMessage(),
                    e);
        }
        return settings.topics();
    }

    @Bean
    TopicConsumers topicConsumers(KafkaProperties kafka, KafkaConnectionDetails connection, Topics topics) {
        Map<String, Object> config = kafka.buildConsumerProperties();
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        return new TopicConsumers(config, topics.namespace() + ".gateway");
    }

    @Bean
    QueueDirectory queueDirectory(Admin admin, Topics topics) {
        return new QueueDirectory(admin, topics);
    }

    @Bean
    HealthIndicator kafkaHealthIndicator(Admin admin) {
        return new KafkaHealth(admin);
    }
}

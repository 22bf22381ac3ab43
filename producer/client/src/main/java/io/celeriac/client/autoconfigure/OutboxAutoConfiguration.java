package io.celeriac.client.autoconfigure;

import io.celeriac.client.Delivery;
import io.celeriac.client.outbox.Outbox;
import io.celeriac.client.outbox.OutboxHealth;
import io.celeriac.client.outbox.OutboxMetrics;
import io.celeriac.client.outbox.OutboxProperties;
import io.celeriac.contract.topic.TopicProperties;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Configures the outbox in the service's own database, with {@code celeriac.client.outbox.enabled=true}. */
@AutoConfiguration(before = TaskClientAutoConfiguration.class, after = DataSourceAutoConfiguration.class)
@ConditionalOnClass(JdbcTransactionManager.class)
@ConditionalOnProperty("celeriac.client.outbox.enabled")
@EnableConfigurationProperties(OutboxProperties.class)
public class OutboxAutoConfiguration {

    @Bean(destroyMethod = "close")
    Outbox taskOutbox(
            DataSource database,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            TopicProperties topics,
            OutboxProperties properties,
            InstantSource clock) {
        var producer = TaskClientAutoConfiguration.producerConfig(kafka, connection);
        var consumer = TaskClientAutoConfiguration.consumerConfig(kafka, connection);
        var admin = kafka.buildAdminProperties();
        admin.put("bootstrap.servers", connection.getAdmin().getBootstrapServers());
        return Outbox.start(database, producer, consumer, admin, topics.topics(), properties, clock);
    }

    @Bean
    TaskClientAutoConfiguration.DeliveryOutlet outboxOutlet(Outbox outbox) {
        return new TaskClientAutoConfiguration.DeliveryOutlet(Delivery.OUTBOX, outbox.outlet());
    }

    /** The outbox's metrics, if the service has Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterBinder.class)
    static class MetricsConfiguration {

        @Bean
        OutboxMetrics taskOutboxMetrics(Outbox outbox, InstantSource clock) {
            return new OutboxMetrics(outbox, clock);
        }
    }

    /** The outbox's health, if the service has Actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(HealthIndicator.class)
    static class HealthConfiguration {

        @Bean
        OutboxHealth taskOutboxHealthIndicator(Outbox outbox, InstantSource clock) {
            return new OutboxHealth(outbox::failing, clock);
        }
    }
}

package io.celeriac.workflow;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.workflow.stream.Coordinator;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Configures a program that coordinates workflows. Disabled by {@code celeriac.workflow.enabled=false}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "celeriac.workflow.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WorkflowProperties.class)
public class CoordinatorConfiguration {

    private static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;

    @Bean
    Coordinator coordinator(
            WorkflowProperties settings,
            Environment environment,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            ObjectProvider<MeterRegistry> registry,
            ObjectProvider<InstantSource> clock) {
        var config = kafka.buildStreamsProperties();
        config.put(
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, connection.getStreams().getBootstrapServers());
        var maxRequest = config.get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        return new Coordinator(
                settings,
                Binder.get(environment).bindOrCreate("celeriac", TopicProperties.class),
                config,
                maxRequest == null ? DEFAULT_MAX_REQUEST_BYTES : Integer.parseInt(maxRequest.toString()),
                registry.getIfAvailable(SimpleMeterRegistry::new),
                clock.getIfAvailable(InstantSource::system));
    }

    @Bean
    SmartLifecycle coordinatorLifecycle(Coordinator coordinator) {
        return new Lifecycle(coordinator);
    }

    /** Starts and stops the coordinator with the application. */
    private static final class Lifecycle implements SmartLifecycle {

        private final Coordinator coordinator;
        private volatile boolean running;

        Lifecycle(Coordinator coordinator) {
            this.coordinator = coordinator;
        }

        @Override
        public void start() {
            coordinator.start();
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            coordinator.stop();
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }
}

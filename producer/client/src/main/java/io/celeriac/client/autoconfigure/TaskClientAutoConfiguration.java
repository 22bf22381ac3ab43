package io.celeriac.client.autoconfigure;

import io.celeriac.client.TaskClient;
import io.celeriac.client.TraceHeaders;
import io.celeriac.contract.topic.TopicProperties;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Configures a {@link TaskClient} with a producer of its own, by the connection settings {@code spring.kafka}. */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
public class TaskClientAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    TopicProperties topicSettings(Environment environment) {
        return Binder.get(environment).bindOrCreate("celeriac", TopicProperties.class);
    }

    @Bean
    @ConditionalOnMissingBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    @ConditionalOnMissingBean
    TaskClient taskClient(
            TaskProducer producer, TopicProperties settings, InstantSource clock, ObjectProvider<TraceHeaders> trace) {
        return new TaskClient(producer.producer(), settings.topics(), clock)
                .withRequestsUpTo(producer.maxRequestBytes())
                .continuing(trace.getIfAvailable(() -> TraceHeaders.NONE));
    }

    /** The trace of the sender, if the service traces with Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Propagator.class)
    static class TracingConfiguration {

        @Bean
        @ConditionalOnMissingBean
        TraceHeaders traceHeaders(ObjectProvider<Tracer> tracers, ObjectProvider<Propagator> propagators) {
            var tracer = tracers.getIfAvailable();
            var propagator = propagators.getIfAvailable();
            return tracer == null || propagator == null ? TraceHeaders.NONE : () -> current(tracer, propagator);
        }

        private static Map<String, String> current(Tracer tracer, Propagator propagator) {
            var span = tracer.currentSpan();
            var headers = new HashMap<String, String>();
            if (span != null) {
                propagator.inject(span.context(), headers, (carrier, name, value) -> headers.put(name, value));
            }
            return headers;
        }
    }

    /**
     * A producer that puts durability first. Every in-sync replica has a task before its receipt is given, and the producer's
     * retries neither reorder nor repeat records. Settings cannot change that; they can change timeouts and sizes.
     */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    TaskProducer taskProducer(KafkaProperties properties, KafkaConnectionDetails connection) {
        Map<String, Object> config = properties.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new TaskProducer(
                new KafkaProducer<>(config), new ProducerConfig(config).getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    }

    /** The client's producer and its maximum request size. The type keeps the producer apart from the service's own. */
    record TaskProducer(Producer<byte[], byte[]> producer, int maxRequestBytes) implements AutoCloseable {

        @Override
        public void close() {
            producer.close();
        }
    }
}

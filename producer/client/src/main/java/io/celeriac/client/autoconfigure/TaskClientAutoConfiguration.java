package io.celeriac.client.autoconfigure;

import io.celeriac.client.Delivery;
import io.celeriac.client.TaskClient;
import io.celeriac.client.TaskOutlet;
import io.celeriac.client.TaskSender;
import io.celeriac.client.TraceHeaders;
import io.celeriac.client.result.ResultReader;
import io.celeriac.client.result.ResultSource;
import io.celeriac.client.transaction.AfterCommitOutlet;
import io.celeriac.client.workflow.WorkflowClient;
import io.celeriac.contract.topic.TopicProperties;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ForkJoinPool;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.transaction.support.TransactionSynchronization;

/** Configures a {@link TaskClient} with a producer of its own, by the connection settings {@code spring.kafka}. */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@EnableConfigurationProperties(TaskClientProperties.class)
@Import(TaskInterfaceRegistrar.Scanned.class)
public class TaskClientAutoConfiguration {

    /** How long a send may block while the broker is away or the buffer is full; Kafka's own default is a minute. */
    private static final Duration LONGEST_BLOCK = Duration.ofSeconds(10);

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
    TaskSender taskSender(
            TaskProducer producer, TopicProperties settings, InstantSource clock, ObjectProvider<TraceHeaders> trace) {
        return new TaskSender(producer.producer(), settings.topics(), clock)
                .withRequestsUpTo(producer.maxRequestBytes())
                .continuing(trace.getIfAvailable(() -> TraceHeaders.NONE));
    }

    @Bean
    @ConditionalOnMissingBean
    TaskClient taskClient(
            TaskSender sender,
            TaskClientProperties properties,
            ResultSource results,
            ObjectProvider<DeliveryOutlet> outlets) {
        var client = new TaskClient(sender).with(properties.defaults()).reading(results);
        for (var outlet : outlets) {
            client = client.delivering(outlet.delivery(), outlet.outlet());
        }
        return client;
    }

    @Bean
    @ConditionalOnMissingBean
    WorkflowClient workflowClient(
            TaskProducer producer, TopicProperties settings, TaskSender sender, TaskClient tasks, InstantSource clock) {
        return new WorkflowClient(
                producer.producer(), settings.topics(), sender, tasks, clock, producer.maxRequestBytes());
    }

    /** The reader of results. It starts when somebody first waits for a result. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean(ResultSource.class)
    ResultReader taskResultReader(
            KafkaProperties properties,
            KafkaConnectionDetails connection,
            TopicProperties settings,
            TaskClientProperties client,
            InstantSource clock) {
        var config = consumerConfig(properties, connection);
        return new ResultReader(
                more -> {
                    var own = new HashMap<>(config);
                    own.putAll(more);
                    return new KafkaConsumer<>(own);
                },
                settings.topics().results(),
                client.results(),
                clock,
                ForkJoinPool.commonPool());
    }

    /** Sends after the commit of a Spring transaction. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(TransactionSynchronization.class)
    static class AfterCommitConfiguration {

        @Bean
        DeliveryOutlet afterCommitOutlet(TaskSender sender) {
            return new DeliveryOutlet(Delivery.AFTER_COMMIT, new AfterCommitOutlet(sender));
        }
    }

    /** A way to the broker that the client gets. */
    public record DeliveryOutlet(Delivery delivery, TaskOutlet outlet) {}

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
        var config = producerConfig(properties, connection);
        return new TaskProducer(
                new KafkaProducer<>(config), new ProducerConfig(config).getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
    }

    static Map<String, Object> consumerConfig(KafkaProperties properties, KafkaConnectionDetails connection) {
        Map<String, Object> config = properties.buildConsumerProperties();
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        return config;
    }

    static Map<String, Object> producerConfig(KafkaProperties properties, KafkaConnectionDetails connection) {
        Map<String, Object> config = properties.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, LONGEST_BLOCK.toMillis());
        return config;
    }

    /** The client's producer and its maximum request size. The type keeps the producer apart from the service's own. */
    public record TaskProducer(Producer<byte[], byte[]> producer, int maxRequestBytes) implements AutoCloseable {

        @Override
        public void close() {
            producer.close();
        }
    }
}

package io.celeriac.engine.autoconfigure;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.schedule.ScheduleDeclaration;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.engine.TaskListener;
import io.celeriac.engine.periodic.DeclarationTopic;
import io.celeriac.engine.periodic.Declarer;
import io.celeriac.engine.worker.Worker;
import io.celeriac.engine.worker.WorkerProperties;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Turns an application with this module on its class path into a worker, unless {@code celeriac.worker.enabled=false}. */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "celeriac.worker.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WorkerProperties.class)
public class EngineAutoConfiguration {

    private static final int DEFAULT_MAX_REQUEST_BYTES = 1 << 20;

    @Bean
    @ConditionalOnMissingBean
    TopicProperties topicSettings(Environment environment) {
        return Binder.get(environment).bindOrCreate("celeriac", TopicProperties.class);
    }

    @Bean
    @ConditionalOnMissingBean
    RedactionRules redactionRules(Environment environment) {
        return Binder.get(environment)
                .bindOrCreate(
                        "celeriac.redaction",
                        Bindable.of(RedactionRules.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    }

    @Bean
    @ConditionalOnMissingBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    @ConditionalOnMissingBean
    Worker worker(
            WorkerProperties settings,
            TopicProperties topics,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            ListableBeanFactory beans,
            RedactionRules redaction,
            ObjectProvider<TaskListener> listeners,
            ObjectProvider<MeterRegistry> registry,
            InstantSource clock) {
        var config = kafka.buildStreamsProperties();
        config.put(
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, connection.getStreams().getBootstrapServers());
        var maxRequest = config.get(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG));
        return new Worker(
                settings,
                topics,
                config,
                maxRequest == null ? DEFAULT_MAX_REQUEST_BYTES : Integer.parseInt(maxRequest.toString()),
                HandlerScan.scan(beans).redacted(redaction),
                listeners.orderedStream().toList(),
                registry.getIfAvailable(SimpleMeterRegistry::new),
                clock);
    }

    @Bean
    WorkerLifecycle workerLifecycle(
            Worker worker,
            WorkerProperties settings,
            DeclarationTopic topic,
            ListableBeanFactory beans,
            Environment environment) {
        return new WorkerLifecycle(
                worker,
                declaration(settings, beans, environment)
                        .map(declaration -> new Declarer(declaration, worker::isRunning, topic))
                        .orElse(null));
    }

    /** Empty when there is nothing to declare. */
    private static Optional<ScheduleDeclaration> declaration(
            WorkerProperties settings, ListableBeanFactory beans, Environment environment) {
        var periodic = settings.periodicTasks();
        if (!periodic.enabled()) {
            return Optional.empty();
        }
        var declared = PeriodicScan.scan(beans, settings.queues().get(0), environment::resolveRequiredPlaceholders);
        if (declared.isEmpty() && !periodic.deleteGone()) {
            return Optional.empty();
        }
        var source = periodic.source() == null ? environment.getProperty("spring.application.name") : periodic.source();
        if (source == null || source.isBlank()) {
            throw new IllegalStateException("schedules in code need the name of their application: set"
                    + " spring.application.name or celeriac.worker.periodic-tasks.source");
        }
        return Optional.of(new ScheduleDeclaration(source, periodic.deleteGone(), declared));
    }

    @Bean
    DeclarationTopic declarationTopic(
            TopicProperties topics, KafkaProperties kafka, KafkaConnectionDetails connection) {
        return new DeclarationTopic(
                topics.topics().control(), () -> producer(kafka, connection), () -> consumer(kafka, connection));
    }

    private static Producer<byte[], byte[]> producer(KafkaProperties kafka, KafkaConnectionDetails connection) {
        var config = kafka.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Consumer<byte[], byte[]> consumer(KafkaProperties kafka, KafkaConnectionDetails connection) {
        var config = kafka.buildConsumerProperties();
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

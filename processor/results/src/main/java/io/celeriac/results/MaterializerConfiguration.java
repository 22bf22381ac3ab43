package io.celeriac.results;

import io.celeriac.contract.RedactionRules;
import io.celeriac.contract.topic.TopicSettings;
import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * For the program that writes: the listeners that keep the tables in step with the topics, started and stopped with the
 * application. Off with {@code celeriac.results.materializer.enabled=false}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "celeriac.results.materializer.enabled", matchIfMissing = true)
@Import(ResultTablesConfiguration.class)
public class MaterializerConfiguration {

    /** How often a consumer that has nothing to do looks whether the tables were emptied. */
    private static final Duration LOOK_WHEN_IDLE = Duration.ofSeconds(2);

    private final Topics topics;
    private final RedactionRules rules;
    private final ResultsProperties settings;

    MaterializerConfiguration(Environment environment, ResultsProperties settings) {
        this.topics = Binder.get(environment)
                .bindOrCreate("celeriac", TopicSettings.class)
                .topics();
        this.rules = Binder.get(environment)
                .bindOrCreate(
                        "celeriac.redaction",
                        Bindable.of(RedactionRules.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        this.settings = settings;
    }

    @Bean
    MaterializedResultRepository materializedResultRepository(DataSource database, ResultTables tables) {
        return new MaterializedResultRepository(database, tables);
    }

    @Bean(destroyMethod = "close")
    DeadLetters materializerDeadLetters(
            KafkaProperties kafka, KafkaConnectionDetails connection, ObjectProvider<InstantSource> clock) {
        Map<String, Object> config = kafka.buildProducerProperties();
        config.put(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getProducer().getBootstrapServers());
        config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        return new DeadLetters(new KafkaProducer<>(config), topics, rules, clock.getIfAvailable(InstantSource::system));
    }

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> materializer(
            MaterializedResultRepository repository,
            DeadLetters deadLetters,
            KafkaProperties kafka,
            KafkaConnectionDetails connection) {
        var properties = new ContainerProperties(topics.results());
        listen(properties, new Materializer(repository, deadLetters, rules), repository);
        return container("materializer", properties, consumerConfig(kafka, connection));
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.results.pending.enabled", matchIfMissing = true)
    ConcurrentMessageListenerContainer<byte[], byte[]> pendingMaterializer(
            MaterializedResultRepository repository,
            ObjectProvider<KnownTasks> known,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            ObjectProvider<InstantSource> clock) {
        var properties = new ContainerProperties(Pattern.compile(Pattern.quote(topics.tasksPrefix()) + "[a-z0-9-]+"));
        var writer = new PendingMaterializer(
                repository,
                topics,
                known.getIfAvailable(() -> KnownTasks.NONE),
                rules,
                clock.getIfAvailable(InstantSource::system),
                settings.retention().keep());
        listen(properties, writer, repository);
        var config = consumerConfig(kafka, connection);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 3_000); // a new queue is seen this soon
        return container("materializer-pending", properties, config);
    }

    private static void listen(
            ContainerProperties properties, PollListener.Writer writer, MaterializedResultRepository repository) {
        var positions = new StoredPositions(repository);
        properties.setMessageListener(new PollListener(writer, positions));
        properties.setConsumerRebalanceListener(positions);
        properties.setIdleEventInterval(LOOK_WHEN_IDLE.toMillis());
    }

    private ConcurrentMessageListenerContainer<byte[], byte[]> container(
            String name, ContainerProperties properties, Map<String, Object> config) {
        properties.setGroupId(topics.namespace() + "." + name);
        properties.setClientId(topics.namespace() + "." + name);
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        var container = new ConcurrentMessageListenerContainer<byte[], byte[]>(
                new DefaultKafkaConsumerFactory<>(config), properties);
        container.setBeanName(name);
        container.setConcurrency(settings.materializer().concurrency());
        container.setCommonErrorHandler(patient());
        return container;
    }

    /** Tries a poll again for ever, paused but polling, so that the consumer stays in its group. */
    private static DefaultErrorHandler patient() {
        var backOff = new ExponentialBackOff(500, 2);
        backOff.setMaxInterval(5_000);
        return new DefaultErrorHandler(backOff);
    }

    private Map<String, Object> consumerConfig(KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> config = kafka.buildConsumerProperties();
        config.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getConsumer().getBootstrapServers());
        config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // One that was killed holds its partitions this long, and rows wait; 45 s is Kafka's default.
        config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_500);
        config.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.materializer().maxPollRecords());
        return config;
    }
}

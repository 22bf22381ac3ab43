package io.celeriac.results.materializer;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.ResultsProperties;
import io.celeriac.results.loop.Loop;
import io.celeriac.results.loop.LoopWatch;
import io.celeriac.results.table.ArgumentPath;
import io.celeriac.results.table.ResultTables;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Configures a program that writes results. Its listeners keep the tables in step with the topics, and start and stop with the
 * application. Disabled by {@code celeriac.results.materializer.enabled=false}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "celeriac.results.materializer.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ResultsProperties.class)
public class MaterializerConfiguration {

    /** How often an idle consumer checks whether the tables were emptied. */
    private static final Duration LOOK_WHEN_IDLE = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(MaterializerConfiguration.class);
    private static final String RESULTS = "materializer";
    private static final String PENDING = "materializer-pending";

    /** What comes within this time is written together, unless it is more than {@link #GATHER_BYTES}. */
    private static final int GATHER_MILLIS = 50;

    /** The same for accepted tasks: most short ones have a result by then, and need no row for their wait. */
    private static final int GATHER_PENDING_MILLIS = 100;

    private static final int GATHER_BYTES = 1 << 16;
    private static final String WORKFLOWS = "materializer-workflows";
    private static final Duration LOOK_AT_THREADS = Duration.ofSeconds(5);

    /** Pause after the broker denies access to a topic: access may be granted later. */
    private static final Duration RETRY_WHEN_REFUSED = Duration.ofSeconds(10);

    private final Topics topics;
    private final RedactionRules rules;
    private final ResultsProperties settings;

    MaterializerConfiguration(Environment environment, ResultsProperties settings) {
        this.topics = Binder.get(environment)
                .bindOrCreate("celeriac", TopicProperties.class)
                .topics();
        this.rules = Binder.get(environment)
                .bindOrCreate(
                        "celeriac.redaction",
                        Bindable.of(RedactionRules.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        this.settings = settings;
    }

    /** How the loops of this module are doing. */
    @Bean
    LoopWatch resultLoops(ObjectProvider<MeterRegistry> meters) {
        return new LoopWatch(meters.getIfAvailable(SimpleMeterRegistry::new));
    }

    /** The program starts even if the database is unavailable, and writes once it is there. */
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    ResultTables resultTables(DataSource database, LoopWatch loops) {
        return ResultTables.migrateInBackground(database, loops.loop("tables"));
    }

    @Bean(destroyMethod = "close")
    TopicIds materializerTopicIds(KafkaProperties kafka, KafkaConnectionDetails connection) {
        Map<String, Object> config = kafka.buildAdminProperties();
        config.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                connection.getAdmin().getBootstrapServers());
        config.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        return new TopicIds(Admin.create(config));
    }

    @Bean(destroyMethod = "close")
    ContainerWatch materializerWatch(
            @Qualifier("materializer") MessageListenerContainer results,
            @Qualifier("workflowMaterializer") MessageListenerContainer workflows,
            @Qualifier("pendingMaterializer") ObjectProvider<MessageListenerContainer> pending,
            LoopWatch loops) {
        var containers = new HashMap<Loop, MessageListenerContainer>();
        containers.put(loops.loop(RESULTS), results);
        containers.put(loops.loop(WORKFLOWS), workflows);
        pending.ifAvailable(container -> containers.put(loops.loop(PENDING), container));
        var watch = new ContainerWatch(containers);
        watch.start(LOOK_AT_THREADS);
        return watch;
    }

    @Bean
    MaterializedResultRepository materializedResultRepository(DataSource database, ResultTables tables) {
        return new MaterializedResultRepository(
                database,
                tables,
                settings.indexedArguments().stream().map(ArgumentPath::parse).collect(Collectors.toSet()));
    }

    @Bean
    PositionRepository materializedPositions(DataSource database, ResultTables tables) {
        return new PositionRepository(database, tables);
    }

    @Bean
    MaterializedWorkflowRepository materializedWorkflowRepository(DataSource database, ResultTables tables) {
        return new MaterializedWorkflowRepository(database, tables);
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
        // A dead letter that cannot be written blocks its poll. The poll is tried again, so minutes are not needed.
        config.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
        config.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        return new DeadLetters(new KafkaProducer<>(config), topics, rules, clock.getIfAvailable(InstantSource::system));
    }

    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> materializer(
            MaterializedResultRepository repository,
            PositionRepository positions,
            DeadLetters deadLetters,
            TopicIds topicIds,
            LoopWatch loops,
            KafkaProperties kafka,
            KafkaConnectionDetails connection) {
        var loop = loops.loop(RESULTS);
        var writer =
                new Materializer<>(new ResultRecordReader(rules), repository::write, new SetAside(deadLetters, loop));
        var properties = new ContainerProperties(topics.results());
        listen(properties, writer, new StoredPositions(positions, topicIds), loop);
        return container(RESULTS, properties, consumerConfig(kafka, connection), loop);
    }

    /** Unreadable states become dead letters, as unreadable results do. */
    @Bean
    ConcurrentMessageListenerContainer<byte[], byte[]> workflowMaterializer(
            MaterializedWorkflowRepository repository,
            PositionRepository positions,
            DeadLetters deadLetters,
            TopicIds topicIds,
            LoopWatch loops,
            KafkaProperties kafka,
            KafkaConnectionDetails connection) {
        var loop = loops.loop(WORKFLOWS);
        var writer =
                new Materializer<>(new WorkflowRecordReader(rules), repository::write, new SetAside(deadLetters, loop));
        var properties = new ContainerProperties(topics.workflowStates());
        listen(properties, writer, new StoredPositions(positions, topicIds), loop);
        return container(WORKFLOWS, properties, consumerConfig(kafka, connection), loop);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "celeriac.results.pending.enabled", matchIfMissing = true)
    ConcurrentMessageListenerContainer<byte[], byte[]> pendingMaterializer(
            MaterializedResultRepository repository,
            PositionRepository positions,
            TopicIds topicIds,
            LoopWatch loops,
            ObjectProvider<HandlerRedactions> known,
            KafkaProperties kafka,
            KafkaConnectionDetails connection,
            ObjectProvider<InstantSource> clock) {
        var loop = loops.loop(PENDING);
        var reader = new PendingRecordReader(
                topics,
                known.getIfAvailable(() -> HandlerRedactions.NONE),
                rules,
                clock.getIfAvailable(InstantSource::system),
                settings.retention().keep());
        var writer = new Materializer<>(
                reader, repository::addPending, new SetAside(MaterializerConfiguration::tellOnly, loop));
        var properties = new ContainerProperties(Pattern.compile(Pattern.quote(topics.tasksPrefix()) + "[a-z0-9-]+"));
        listen(properties, writer, new StoredPositions(positions, topicIds), loop);
        var config = consumerConfig(kafka, connection);
        config.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 3_000); // a new queue is seen this soon
        if (!kafka.buildConsumerProperties().containsKey(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG)) {
            config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, GATHER_PENDING_MILLIS);
        }
        return container(PENDING, properties, config, loop);
    }

    /** Only logs: the worker still runs the task or sets it aside. The task just has no row while it waits. */
    private static void tellOnly(ConsumerRecord<byte[], byte[]> record, DeadLetter.Reason reason, String message) {
        LOG.warn(
                "{}, no row for an accepted task: {}/{}/{}: {}",
                reason,
                record.topic(),
                record.partition(),
                record.offset(),
                message);
    }

    private static void listen(
            ContainerProperties properties, PollListener.Writer writer, StoredPositions positions, Loop loop) {
        properties.setMessageListener(new PollListener(writer, positions, loop));
        properties.setConsumerRebalanceListener(positions);
        properties.setIdleEventInterval(LOOK_WHEN_IDLE.toMillis());
        properties.setAuthExceptionRetryInterval(RETRY_WHEN_REFUSED);
    }

    private ConcurrentMessageListenerContainer<byte[], byte[]> container(
            String name, ContainerProperties properties, Map<String, Object> config, Loop loop) {
        properties.setGroupId(topics.namespace() + "." + name);
        properties.setClientId(topics.namespace() + "." + name);
        properties.setAckMode(ContainerProperties.AckMode.BATCH);
        var container = new ConcurrentMessageListenerContainer<byte[], byte[]>(
                new DefaultKafkaConsumerFactory<>(config), properties);
        container.setBeanName(name);
        container.setConcurrency(settings.materializer().concurrency());
        container.setCommonErrorHandler(new PatientErrorHandler(loop));
        return container;
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
        // A killed consumer holds its partitions this long, and rows wait. Kafka's default is 45 s.
        config.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        config.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_500);
        config.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, GATHER_BYTES);
        config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, GATHER_MILLIS);
        config.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.materializer().maxPollRecords());
        return config;
    }
}

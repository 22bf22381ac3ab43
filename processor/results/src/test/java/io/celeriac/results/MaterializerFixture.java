package io.celeriac.results;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariDataSource;
import io.celeriac.contract.TaskJson;
import io.celeriac.contract.result.TaskResult;
import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.contract.topic.Topics;
import io.celeriac.results.materializer.MaterializerConfiguration;
import io.celeriac.results.query.TaskResultRepository;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Topics of its own, a database of its own, and a program that imports the materializer. */
public final class MaterializerFixture implements AutoCloseable {

    final String bootstrapServers = TestStack.kafka().bootstrapServers();
    private final Map<String, Object> client = Map.of("bootstrap.servers", bootstrapServers);
    private final TestDatabase database;
    public final HikariDataSource pool;
    public final TaskResultRepository repository;
    public final TopicProperties settings = new TopicProperties(TestStack.uniqueName("results"), 3, null);
    public final Topics topics = settings.topics();
    public final Admin admin = Admin.create(client);
    public final KafkaProducer<byte[], byte[]> producer = newProducer();

    public MaterializerFixture(TestDatabase database) {
        this.database = database;
        pool = TestData.pool(database, "");
        repository = new TaskResultRepository(pool, TestData.tables(pool));
        settings.provision(admin, List.of("default"));
    }

    /** Starts the program; it is to be closed. */
    public ConfigurableApplicationContext start() {
        return start(Program.class);
    }

    /**
     * Starts another program; it is to be closed.
     *
     * @param settings each as {@code name=value}
     */
    public ConfigurableApplicationContext start(Class<?> program, String... settings) {
        return new SpringApplicationBuilder(program)
                .properties(settings)
                .web(WebApplicationType.NONE)
                .run(arguments().toArray(String[]::new));
    }

    /** What the program is started with. */
    public List<String> arguments() {
        return List.of(
                "--celeriac.namespace=" + topics.namespace(),
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--spring.datasource.url=" + database.jdbcUrl() + "&rewriteBatchedStatements=true",
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password(),
                "--spring.datasource.hikari.connection-timeout=2000");
    }

    /** A producer that knows nothing of the topics yet, as the sequence of another is out of place in a topic that was made anew. */
    public KafkaProducer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A producer whose records are followed by the marker of their transaction; it is to be closed. */
    public KafkaProducer<byte[], byte[]> newTransactionalProducer() {
        var config = new HashMap<>(client);
        config.put("transactional.id", TestStack.uniqueName("transactions"));
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    public void send(TaskResult result) {
        send(topics.results(), result.id(), TaskJson.bytes(result));
    }

    public void send(String topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value));
    }

    /** Ids of the members of the materializer's group: a rebalance with a member lost would show in them. */
    public List<String> members() {
        var group = topics.namespace() + ".materializer";
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .map(member -> member.consumerId())
                    .toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        var partition = new TopicPartition(topics.deadLetters(), 0);
        try (var consumer = new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).get(partition);
            var letters = new ArrayList<ConsumerRecord<byte[], byte[]>>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(letters::add);
            }
            return letters;
        }
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        pool.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(MaterializerConfiguration.class)
    public static class Program {

        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}

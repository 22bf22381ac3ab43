package io.celeriac.client.outbox;

import io.celeriac.client.TaskOutlet;
import io.celeriac.contract.topic.Topics;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The outbox of a service: where tasks are stored, and the relay that sends them. */
public final class Outbox implements AutoCloseable {

    /** How long an unfinished transaction of a relay that died holds back what follows on its partitions. */
    private static final int TRANSACTION_MILLIS = 15_000;

    private final OutboxRelay relay;
    private final OutboxRepository repository;
    private final OutboxOutlet outlet;
    private final Admin admin;

    private Outbox(OutboxRelay relay, OutboxRepository repository, OutboxOutlet outlet, Admin admin) {
        this.relay = relay;
        this.repository = repository;
        this.outlet = outlet;
        this.admin = admin;
    }

    /**
     * Starts an outbox.
     *
     * @param database of the service, in whose transactions tasks are stored
     * @param producer settings of the relay's producers, with serializers of bytes
     * @param consumer settings of the consumers that note how far the relay is
     * @param admin settings of the relay's admin client
     */
    public static Outbox start(
            DataSource database,
            Map<String, Object> producer,
            Map<String, Object> consumer,
            Map<String, Object> admin,
            Topics topics,
            OutboxProperties properties,
            InstantSource clock) {
        var repository = new OutboxRepository(database);
        if (properties.initializeSchema()) {
            repository.createTables();
        }
        var client = Admin.create(admin);
        var relay = new OutboxRelay(
                repository, shard -> sender(producer, consumer, topics, shard), client, properties, clock);
        var outbox = new Outbox(relay, repository, new OutboxOutlet(repository, clock, relay::wake), client);
        relay.start();
        return outbox;
    }

    static ShardSender sender(
            Map<String, Object> producer, Map<String, Object> consumer, Topics topics, OutboxRepository.Shard shard) {
        var name = topics.outboxPrefix() + shard.outbox() + "." + shard.shard();
        var config = new HashMap<>(producer);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TRANSACTION_MILLIS / 2);
        var group = new HashMap<>(consumer);
        group.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        group.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"); // waits for the end of a commit
        group.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new ShardSender(
                new KafkaProducer<>(config),
                new KafkaConsumer<>(group, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                new TopicPartition(topics.control(), 0));
    }

    /** Stores tasks. */
    public TaskOutlet outlet() {
        return outlet;
    }

    /** Why nothing can be sent at the moment; empty when all is well. */
    public Optional<String> failure() {
        return failing().map(RelayFailure::why);
    }

    /** Why nothing can be sent at the moment, and since when; empty when all is well. */
    public Optional<RelayFailure> failing() {
        return relay.failing();
    }

    /**
     * The rows that wait, of all instances of the service. It asks the database.
     *
     * @throws org.springframework.dao.DataAccessException when the database does not answer within two seconds
     */
    public Backlog backlog() {
        return repository.backlog();
    }

    /** How many rows this instance has sent. */
    public long sent() {
        return relay.sent();
    }

    /** How many rows this instance has set aside, because the broker refuses them. */
    public long refused() {
        return relay.refused();
    }

    /** Stops sending. What is stored stays, and is sent by the next relay. */
    @Override
    public void close() {
        relay.close();
        admin.close();
    }
}

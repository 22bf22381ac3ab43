package io.celeriac.engine.worker;

import io.celeriac.engine.consumer.EngineClients;
import io.celeriac.engine.topic.Changelog;
import io.celeriac.engine.topic.QueueTopics;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one queue: those of the engine, with an admin client that lets the changelog grow with the queue's topic.
 *
 * <p>A stream thread that leads a rebalance computes from its consumer's metadata how many partitions the changelog must have. It asks the
 * admin client how many there are, and dies if the numbers differ (4.3.1: {@code InternalTopicManager.makeReady}), with the advice to
 * delete the changelog's content. So the changelog grows when that question is asked, to the number that the asking thread expects. If it
 * grew earlier, it would not suit a leader whose metadata is old.
 */
final class QueueClients implements KafkaClientSupplier {

    private static final Logger LOG = LoggerFactory.getLogger(QueueClients.class);

    private final EngineClients engine;
    private final QueueTopics topics;
    private final ConcurrentMap<String, Consumer<byte[], byte[]>> consumers =
            new ConcurrentHashMap<>(); // by client id, which the successor of a failed thread uses again
    private volatile @Nullable Admin admin;

    QueueClients(EngineClients engine, QueueTopics topics) {
        this.engine = engine;
        this.topics = topics;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        var own = engine.getAdmin(config);
        admin = own;
        return fitting(own);
    }

    /** The admin client of the queue's Streams. */
    Admin admin() {
        return Objects.requireNonNull(admin, "Streams makes it before its threads");
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return engine.getProducer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        var consumer = engine.getConsumer(config);
        consumers.put(String.valueOf(config.get(ConsumerConfig.CLIENT_ID_CONFIG)), consumer);
        return consumer;
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return engine.getRestoreConsumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return engine.getGlobalConsumer(config);
    }

    /** The queue's number of partitions in the calling stream thread's metadata; empty for another thread. Asks no broker. */
    private OptionalInt inTheEyesOfThread() {
        var consumer = consumers.get(Thread.currentThread().getName() + "-consumer");
        return consumer == null
                ? OptionalInt.empty()
                : OptionalInt.of(consumer.partitionsFor(topics.tasks()).size());
    }

    /** Passes all calls on unchanged, except the one with which Streams asks for the changelog's partitions. */
    @SuppressWarnings("unchecked")
    private Admin fitting(Admin own) {
        InvocationHandler calls = (proxy, method, arguments) -> {
            try {
                return method.getName().equals("describeTopics")
                                && arguments.length == 1
                                && arguments[0] instanceof Collection<?> names
                                && names.contains(topics.changelog())
                        ? fitted(own, (Collection<String>) names)
                        : method.invoke(own, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return (Admin) Proxy.newProxyInstance(QueueClients.class.getClassLoader(), new Class<?>[] {Admin.class}, calls);
    }

    private DescribeTopicsResult fitted(Admin own, Collection<String> names) {
        int found = Changelog.partitions(own, topics.changelog()).orElse(0);
        int wanted = inTheEyesOfThread().orElse(found);
        if (found > 0 && found < wanted) {
            Changelog.grow(own, topics, wanted);
        }
        var answer = own.describeTopics(names);
        if (found <= wanted) {
            return answer;
        }
        requireOldMetadata(own, found);
        var descriptions = new HashMap<>(answer.topicNameValues());
        descriptions.computeIfPresent(
                topics.changelog(), (name, changelog) -> changelog.thenApply(description -> cut(description, wanted)));
        return new Fitted(descriptions);
    }

    /** Another leader saw the queue grow first. This one sees it with its next metadata, and then leads another rebalance. */
    private void requireOldMetadata(Admin own, int found) {
        int now = Changelog.partitions(own, topics.tasks()).orElse(0);
        if (now < found) {
            throw Changelog.tooMany(topics, now, found);
        }
        LOG.info("Topic {} has grown to {} partitions, which this worker does not see yet", topics.tasks(), now);
    }

    private static TopicDescription cut(TopicDescription description, int partitions) {
        return new TopicDescription(
                description.name(),
                description.isInternal(),
                description.partitions().subList(0, partitions),
                description.authorizedOperations(),
                description.topicId());
    }

    private static final class Fitted extends DescribeTopicsResult {

        Fitted(Map<String, KafkaFuture<TopicDescription>> descriptions) {
            super(null, descriptions);
        }
    }
}

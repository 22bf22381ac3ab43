package io.celeriac.engine.topic;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks and grows the changelog topic, which restores the unfinished tasks of a queue.
 *
 * <p>Kafka Streams creates the topic with the topology's settings, but does not change an existing topic. A topic that is older than a
 * change of settings might refuse a task that the worker takes, and the task would fail its partition again and again.
 *
 * <p>The changelog has a partition for each partition of the queue's topic, and grows with it. That is safe, as a store belongs to one
 * partition: new partitions begin empty, and no task of the others moves.
 */
public final class Changelog {

    private static final Logger LOG = LoggerFactory.getLogger(Changelog.class);
    private static final long PATIENCE_SECONDS = 30;
    private static final long PAUSE_MILLIS = 50;

    private Changelog() {}

    /**
     * @throws IllegalStateException when the topic exists and refuses a record of that size, or the broker does not answer
     */
    public static void requireRoomFor(Admin admin, String topic, int bytes) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var limit = Answers.ifThere(
                        topic, admin.describeConfigs(Set.of(resource)).all())
                .map(configs -> configs.get(resource))
                .map(config -> config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG));
        if (limit.isPresent() && Integer.parseInt(limit.get().value()) < bytes) {
            throw new IllegalStateException("topic " + topic + " exists with " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG
                    + " " + limit.get().value() + ", but this worker takes tasks that need " + bytes
                    + ": raise it with kafka-configs, or lower max.request.size of the producer");
        }
    }

    /**
     * Checks that the changelog has no more partitions than the queue's topic, and adds missing ones.
     *
     * @param grow whether to add missing partitions
     * @throws UnfitTopicsException when the changelog has more partitions
     * @throws IllegalStateException when the broker does not answer, or does not let the changelog grow
     */
    public static void fit(Admin admin, QueueTopics topics, boolean grow) {
        var tasks = partitions(admin, topics.tasks());
        var own = partitions(admin, topics.changelog());
        if (tasks.isEmpty() || own.isEmpty()) {
            return; // a missing topic is created, or reported, elsewhere
        }
        if (own.get() > tasks.get()) {
            throw tooMany(topics, tasks.get(), own.get());
        }
        if (grow && own.get() < tasks.get()) {
            grow(admin, topics, tasks.get());
        }
    }

    public static UnfitTopicsException tooMany(QueueTopics topics, int tasks, int own) {
        return new UnfitTopicsException("queue " + topics.queue() + " cannot be worked on: topic " + topics.tasks()
                + " has " + tasks + " partitions, but " + topics.changelog()
                + ", which keeps its unfinished tasks, has "
                + own + ". The topic was probably deleted and created again with fewer. Give it " + own
                + " partitions (kafka-topics --alter --topic " + topics.tasks() + " --partitions " + own
                + "), and the unfinished tasks go on. Only if these may be lost: stop all workers of the queue, and delete "
                + topics.changelog());
    }

    /** Adds partitions, and returns when the topic has that many. Safe to call from several workers at once. */
    public static void grow(Admin admin, QueueTopics topics, int partitions) {
        var topic = topics.changelog();
        try {
            Answers.of(
                    "topic " + topic,
                    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
                            .all());
            LOG.info("Topic {} has {} partitions now, as {} has", topic, partitions, topics.tasks());
        } catch (IllegalStateException e) {
            if (!(e.getCause() instanceof InvalidPartitionsException)) { // another worker was first
                throw new IllegalStateException(
                        "topic " + topics.tasks() + " has " + partitions + " partitions, but " + topic
                                + " has fewer and could not be given more (" + e.getMessage()
                                + "). It keeps the unfinished"
                                + " tasks, so do not reset it; let the worker alter it, or run kafka-topics --alter --topic "
                                + topic + " --partitions " + partitions,
                        e);
            }
        }
        awaitPartitions(admin, topic, partitions);
    }

    private static void awaitPartitions(Admin admin, String topic, int partitions) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (partitions(admin, topic).orElse(0) < partitions) {
            if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException(
                        "topic " + topic + " does not have " + partitions + " partitions in time");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
        }
    }

    /** The number of partitions of a topic; empty when the topic does not exist. */
    public static Optional<Integer> partitions(Admin admin, String topic) {
        var described = admin.describeTopics(TopicCollection.ofTopicNames(Set.of(topic)))
                .topicNameValues()
                .get(topic);
        return Answers.ifThere(topic, Objects.requireNonNull(described))
                .map(TopicDescription::partitions)
                .map(partitions -> partitions.size());
    }
}

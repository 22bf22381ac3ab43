package io.celeriac.contract.topic;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Creates missing topics, and refuses existing topics that differ from the settings. A results topic that is not compacted
 * would lose the state of old tasks, and a tasks' topic with a time limit would lose tasks. A topic with another partition
 * count would scale differently from what its owner expects. Safe to run from several programs at once.
 */
public final class TopicProvisioner {

    private static final long PATIENCE_SECONDS = 30;
    private static final long PAUSE_MILLIS = 100;

    private final Admin admin;
    private final @Nullable Short replicationFactor;
    private final boolean exactPartitions;

    /**
     * @param admin not closed by this class
     * @param replicationFactor of topics it creates; null for the broker's default
     * @param exactPartitions true: an existing topic must have the given number of partitions; false: the number is only a
     *     default for new topics
     */
    public TopicProvisioner(Admin admin, @Nullable Short replicationFactor, boolean exactPartitions) {
        this.admin = admin;
        this.replicationFactor = replicationFactor;
        this.exactPartitions = exactPartitions;
    }

    /**
     * Blocks until each topic exists.
     *
     * @throws TopicMismatchException when a topic exists and differs; the message names the difference
     * @throws IllegalStateException when the broker does not answer in 30 seconds, or refuses
     */
    public void provision(Collection<Topic> topics) {
        var existing = describe(topics);
        var missing = topics.stream()
                .filter(topic -> !existing.containsKey(topic.name()))
                .toList();
        create(missing);
        awaitLeaders(missing);
        check(
                topics.stream()
                        .filter(topic -> existing.containsKey(topic.name()))
                        .toList(),
                existing);
    }

    private Map<String, TopicDescription> describe(Collection<Topic> topics) {
        return admin.describeTopics(topics.stream().map(Topic::name).toList()).topicNameValues().entrySet().stream()
                .map(entry -> answer(
                        "describe topic " + entry.getKey(),
                        entry.getValue()
                                .toCompletionStage()
                                .handle((description, error) -> absentIfUnknown(description, error))
                                .toCompletableFuture()))
                .flatMap(Optional::stream)
                .collect(toMap(TopicDescription::name, Function.identity()));
    }

    private static Optional<TopicDescription> absentIfUnknown(
            @Nullable TopicDescription description, @Nullable Throwable error) {
        var cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof UnknownTopicOrPartitionException) {
            return Optional.empty();
        }
        if (error != null) {
            throw new IllegalStateException(error.getMessage(), error);
        }
        return Optional.ofNullable(description);
    }

    private void create(List<Topic> topics) {
        var requests = topics.stream().map(this::request).toList();
        admin.createTopics(requests).values().forEach((name, created) -> {
            try {
                answer("create topic " + name, created.toCompletionStage().toCompletableFuture());
            } catch (IllegalStateException e) {
                if (!(e.getCause() instanceof TopicExistsException)) { // another program was first
                    throw e;
                }
            }
        });
    }

    /**
     * Waits until each partition has a leader. A producer retries without a leader, and an idempotent one has been seen to stay
     * stuck until its delivery timed out. Only a leader tells the end of its partition, so the admin client asks again until
     * there is one. It gives up, though, when the broker that it asks does not know the topic yet.
     */
    private void awaitLeaders(List<Topic> created) {
        var ends = created.stream()
                .flatMap(topic -> IntStream.range(0, topic.partitions())
                        .mapToObj(partition -> new TopicPartition(topic.name(), partition)))
                .collect(toMap(Function.identity(), partition -> OffsetSpec.latest()));
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!haveLeaders(ends, deadline)) {
            pause();
        }
    }

    private boolean haveLeaders(Map<TopicPartition, OffsetSpec> ends, long deadline) {
        try {
            answer(
                    "find the leaders of new topics",
                    admin.listOffsets(ends).all().toCompletionStage().toCompletableFuture());
            return true;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException && System.nanoTime() < deadline) {
                return false;
            }
            throw e;
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were created", e);
        }
    }

    private NewTopic request(Topic topic) {
        return new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.ofNullable(replicationFactor))
                .configs(topic.configs());
    }

    /**
     * Checks that topics take the records of their producers. Otherwise a topic refuses a large record again and again.
     *
     * @param bytes the largest record that is sent
     * @throws TopicMismatchException when a topic, which must exist, does not take it
     */
    public void requireRoomFor(Collection<Topic> topics, int bytes) {
        configs(topics).forEach((resource, config) -> {
            var limit = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (limit != null && Integer.parseInt(limit.value()) < bytes) {
                throw new TopicMismatchException(
                        resource.name(), TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes + " or more", limit.value());
            }
        });
    }

    private Map<ConfigResource, Config> configs(Collection<Topic> topics) {
        var resources = topics.stream().map(TopicProvisioner::resource).toList();
        return answer(
                "describe topics",
                admin.describeConfigs(resources).all().toCompletionStage().toCompletableFuture());
    }

    private void check(List<Topic> topics, Map<String, TopicDescription> existing) {
        var configs = configs(topics);
        for (var topic : topics) {
            checkPartitions(topic, existing.get(topic.name()));
            checkCleanup(topic, configs.get(resource(topic)));
            checkLimits(topic, configs.get(resource(topic)));
        }
    }

    private void checkPartitions(Topic topic, @Nullable TopicDescription found) {
        if (exactPartitions && found != null && found.partitions().size() != topic.partitions()) {
            throw new TopicMismatchException(
                    topic.name(),
                    "partitions",
                    Integer.toString(topic.partitions()),
                    Integer.toString(found.partitions().size()));
        }
    }

    private static void checkCleanup(Topic topic, @Nullable Config found) {
        var policy = found == null ? null : found.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (policy != null && !words(policy.value()).equals(words(topic.cleanupPolicy()))) {
            throw new TopicMismatchException(
                    topic.name(), TopicConfig.CLEANUP_POLICY_CONFIG, topic.cleanupPolicy(), policy.value());
        }
    }

    /** Checks limits of age and size, which silently delete accepted tasks that no worker has read. */
    private static void checkLimits(Topic topic, @Nullable Config found) {
        topic.limits().forEach((limit, expected) -> {
            var value = found == null ? null : found.get(limit);
            if (value != null && !value.value().equals(expected)) {
                throw new TopicMismatchException(
                        topic.name(),
                        limit,
                        expected,
                        value.value(),
                        "it would delete tasks that no worker has read. Fix it with: kafka-configs --bootstrap-server"
                                + " <brokers> --alter --entity-type topics --entity-name " + topic.name()
                                + " --add-config " + added(topic.limits()));
            }
        });
    }

    private static String added(Map<String, String> configs) {
        return configs.entrySet().stream()
                .map(config -> config.getKey() + "=" + config.getValue())
                .sorted()
                .collect(joining(","));
    }

    private static Set<String> words(String policy) {
        return List.of(policy.split("\\s*,\\s*")).stream().collect(toSet());
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private static <T> T answer(String what, CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot " + what + ": " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("cannot " + what + ": no answer within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot " + what + ": interrupted", e);
        }
    }
}

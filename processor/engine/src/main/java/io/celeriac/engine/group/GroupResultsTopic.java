package io.celeriac.engine.group;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.rule.InvalidTaskException;
import io.celeriac.contract.workflow.GroupPart;
import io.celeriac.contract.workflow.GroupReference;
import io.celeriac.engine.attempt.GroupLists;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import tools.jackson.databind.JsonNode;

/**
 * Reads lists of results from their topic, each with a consumer of its own. It begins at the time that the reference tells, and leaves out
 * what other workflows have written in between.
 */
public final class GroupResultsTopic implements GroupLists {

    /** The parts were committed before the task or with it; the broker shows a commit on each partition a moment later or earlier. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How far clocks may differ between the coordinator that wrote the reference and whoever stamped the parts. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(500);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final String topic;
    private final InstantSource clock;

    /**
     * @param connection of the cluster
     * @param topic of the results of groups
     */
    public GroupResultsTopic(Map<String, Object> connection, String topic, InstantSource clock) {
        this(() -> consumer(connection), topic, clock);
    }

    GroupResultsTopic(Supplier<Consumer<byte[], byte[]>> consumers, String topic, InstantSource clock) {
        this.consumers = consumers;
        this.topic = topic;
        this.clock = clock;
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> connection) {
        var config = new HashMap<>(connection);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // what is no longer kept is missed below
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Reading open(GroupReference reference) {
        var consumer = consumers.get();
        try {
            var partitions = consumer.partitionsFor(topic).size();
            var partition = new TopicPartition(
                    topic,
                    BuiltInPartitioner.partitionForKey(reference.workflow().getBytes(UTF_8), partitions));
            consumer.assign(Set.of(partition));
            return new TopicReading(consumer, partition, reference);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private final class TopicReading implements Reading {

        private final Consumer<byte[], byte[]> consumer;
        private final TopicPartition partition;
        private final GroupReference reference;
        private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
        private boolean begun;
        private boolean ended;
        private int part;

        private TopicReading(Consumer<byte[], byte[]> consumer, TopicPartition partition, GroupReference reference) {
            this.consumer = consumer;
            this.partition = partition;
            this.reference = reference;
        }

        @Override
        public boolean hasNext() {
            return !ended;
        }

        @Override
        public List<JsonNode> next() {
            if (ended) {
                throw new NoSuchElementException();
            }
            var found = nextPart();
            ended = found.last();
            part++;
            return found.values();
        }

        private GroupPart nextPart() {
            var until = clock.instant().plus(PATIENCE);
            while (true) {
                for (var record = polled.poll(); record != null; record = polled.poll()) {
                    var found = of(record);
                    if (found.isPresent()) {
                        return found.get();
                    }
                    until = clock.instant().plus(PATIENCE);
                }
                if (clock.instant().isAfter(until)) {
                    throw missing("did not come within " + PATIENCE.toSeconds() + " s");
                }
                poll();
            }
        }

        private void poll() {
            if (!begun) {
                var since = consumer.offsetsForTimes(Map.of(
                                partition, reference.since().minus(CLOCKS).toEpochMilli()))
                        .get(partition);
                if (since == null) {
                    consumer.seekToEnd(Set.of(partition)); // nothing so late is shown yet
                } else {
                    consumer.seek(partition, since.offset());
                    begun = true;
                }
            }
            consumer.poll(POLL).forEach(polled::add);
            if (!begun) {
                polled.clear(); // the next poll looks for the time again
            }
        }

        private Optional<GroupPart> of(ConsumerRecord<byte[], byte[]> record) {
            if (record.key() == null
                    || record.value() == null
                    || !new String(record.key(), UTF_8).equals(reference.workflow())) {
                return Optional.empty();
            }
            try {
                var found = TaskJson.groupPart(record.value());
                if (!found.node().equals(reference.node())) {
                    return Optional.empty();
                }
                if (found.part() != part) {
                    throw missing("is no longer kept");
                }
                return Optional.of(found);
            } catch (InvalidTaskException e) {
                throw new IllegalStateException(
                        "offset " + record.offset() + " of " + partition + " has no results of a group", e);
            }
        }

        private IllegalStateException missing(String why) {
            return new IllegalStateException("part " + part + " of the results of group " + reference.group() + " "
                    + why + ": " + partition + " since " + reference.since());
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}

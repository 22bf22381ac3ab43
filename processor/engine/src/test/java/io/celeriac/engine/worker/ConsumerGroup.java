package io.celeriac.engine.worker;

import static java.util.stream.Collectors.toMap;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The group of a queue's workers, from outside. */
final class ConsumerGroup implements AutoCloseable {

    private final Admin admin;
    private final String id;

    ConsumerGroup(String bootstrapServers, TestQueue queue) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        id = queue.topics().namespace() + ".worker.default";
    }

    /**
     * Who has which partitions; empty during a rebalance, and before there is a group. A member that was thrown out and came
     * back has another id.
     */
    Map<String, Set<Integer>> owners() {
        return description()
                .filter(group -> group.groupState() == GroupState.STABLE)
                .map(ConsumerGroup::owners)
                .orElse(Map.of());
    }

    private static Map<String, Set<Integer>> owners(ConsumerGroupDescription group) {
        return group.members().stream().collect(toMap(member -> member.consumerId(), member -> {
            var partitions = new TreeSet<Integer>();
            member.assignment().topicPartitions().forEach(partition -> partitions.add(partition.partition()));
            return partitions;
        }));
    }

    /** How far each partition is committed. */
    Map<Integer, Long> committed() {
        try {
            var committed = new HashMap<Integer, Long>();
            admin.listConsumerGroupOffsets(id)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, offset) -> committed.put(partition.partition(), offset.offset()));
            return committed;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("no answer about " + id, e);
        }
    }

    private Optional<ConsumerGroupDescription> description() {
        try {
            return Optional.of(admin.describeConsumerGroups(Set.of(id))
                    .describedGroups()
                    .get(id)
                    .get());
        } catch (InterruptedException | ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw new IllegalStateException("no answer about " + id, e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}

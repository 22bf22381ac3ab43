package io.celeriac.contract.topic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * The settings that all programs of one installation must share: {@code celeriac.namespace}, {@code celeriac.partitions} and
 * {@code celeriac.replication-factor}.
 *
 * @param namespace prefix of the names of all topics; default {@link Topics#DEFAULT_NAMESPACE}
 * @param partitions of the tasks' and results' topics; null: 8 for a topic that has to be created, any number for an existing topic
 * @param replicationFactor of topics that have to be created; null: the broker's default
 */
public record TopicProperties(
        @Nullable String namespace,
        @Nullable Integer partitions,
        @Nullable Short replicationFactor) {

    public TopicProperties {
        if (partitions != null && partitions < 1) {
            throw new IllegalArgumentException("celeriac.partitions must be at least 1, but is " + partitions);
        }
    }

    /** The topics of the namespace. */
    public Topics topics() {
        return new Topics(namespace == null ? Topics.DEFAULT_NAMESPACE : namespace);
    }

    /**
     * Ensures that the topics of these queues, and the topics that all queues share, exist. Blocks, see
     * {@link TopicProvisioner#provision}.
     */
    public void provision(Admin admin, Collection<String> queues) {
        provisioner(admin).provision(all(queues));
    }

    /**
     * Checks that each of these topics, which must exist, takes records of a size.
     *
     * @param bytes the largest record that is sent
     * @throws TopicMismatchException when a topic does not
     */
    public void requireRoomFor(Admin admin, Collection<String> queues, int bytes) {
        provisioner(admin).requireRoomFor(all(queues), bytes);
    }

    private List<Topic> all(Collection<String> queues) {
        var topics = topics();
        var all = new ArrayList<>(List.of(
                topics.resultsTopic(count()),
                topics.controlTopic(),
                topics.settingsTopic(),
                topics.workersTopic(),
                topics.deadLettersTopic(),
                topics.workflowsTopic(count()),
                topics.workflowEventsTopic(count()),
                topics.workflowStatesTopic(count()),
                topics.groupResultsTopic(count())));
        queues.forEach(queue -> all.add(topics.tasksTopic(queue, count())));
        return all;
    }

    /** Ensures that the topic of one queue exists. Blocks, see {@link TopicProvisioner#provision}. */
    public void provisionQueue(Admin admin, String queue) {
        provisioner(admin).provision(List.of(topics().tasksTopic(queue, count())));
    }

    private TopicProvisioner provisioner(Admin admin) {
        return new TopicProvisioner(admin, replicationFactor, partitions != null);
    }

    private int count() {
        return partitions == null ? Topics.DEFAULT_PARTITIONS : partitions;
    }
}

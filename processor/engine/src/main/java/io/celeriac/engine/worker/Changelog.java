package io.celeriac.engine.worker;

import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topic that brings the unfinished tasks of a queue back. Kafka Streams creates it, with what the topology says, but changes
 * nothing of one that is there: one from before a setting was changed would refuse what the worker takes, and the task would
 * fail its partition again and again.
 */
final class Changelog {

    private Changelog() {}

    /**
     * @throws IllegalStateException when the topic exists and does not take a record of that size, or the broker does not answer
     */
    static void requireRoomFor(Admin admin, String topic, int bytes) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            var config = admin.describeConfigs(Set.of(resource)).all().get().get(resource);
            var limit = config == null ? null : config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
            if (limit != null && Integer.parseInt(limit.value()) < bytes) {
                throw new IllegalStateException(
                        "topic " + topic + " exists with " + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + " "
                                + limit.value() + ", but this worker takes tasks that need " + bytes
                                + ": raise it with kafka-configs, or lower max.request.size of the producer");
            }
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) { // it will be created
                throw new IllegalStateException("no answer about topic " + topic, e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked about topic " + topic, e);
        }
    }
}

package io.celeriac.engine.topic;

import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** Asks the cluster for the ids of topics. */
public final class TopicIdReader {

    private TopicIdReader() {}

    /**
     * Returns the ids by topic name.
     *
     * @throws IllegalStateException when the broker does not answer
     */
    public static Map<String, Uuid> read(Admin admin, Collection<String> topics) {
        try {
            return admin.describeTopics(topics).allTopicNames().get().entrySet().stream()
                    .collect(toMap(Map.Entry::getKey, topic -> topic.getValue().topicId()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("topics " + topics + " cannot be described", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while topics were described", e);
        }
    }
}

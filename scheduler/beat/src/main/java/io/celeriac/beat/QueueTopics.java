package io.celeriac.beat;

import io.celeriac.contract.topic.TopicProvisioner;
import io.celeriac.contract.topic.TopicSettings;
import io.celeriac.contract.topic.Topics;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Sees to it that a queue's topic is there before the first task goes to it. For use by one thread. */
final class QueueTopics {

    private final Admin admin;
    private final TopicSettings settings;
    private final Set<String> known = new HashSet<>();

    QueueTopics(Admin admin, TopicSettings settings) {
        this.admin = admin;
        this.settings = settings;
    }

    /**
     * Asks the broker once for each queue.
     *
     * @throws RuntimeException when the broker does not answer, or the topic cannot be or contradicts the settings
     */
    void require(String queue) {
        if (!known.contains(queue)) {
            var asked = settings.partitions();
            var partitions = asked == null ? Topics.DEFAULT_PARTITIONS : asked;
            new TopicProvisioner(admin, settings.replicationFactor(), asked != null)
                    .provision(List.of(settings.topics().tasksTopic(queue, partitions)));
            known.add(queue);
        }
    }
}

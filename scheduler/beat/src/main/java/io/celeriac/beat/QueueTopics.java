package io.celeriac.beat;

import io.celeriac.contract.topic.TopicSettings;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;

/** Sees to it that a queue's topic is there before the first task goes to it. For use by one thread. */
final class QueueTopics {

    private final Admin admin;
    private final TopicSettings settings;
    private final Set<String> known = new HashSet<>();

    /**
     * @param admin whose time-outs bound how long this class waits
     */
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
            settings.provisionQueue(admin, queue);
            known.add(queue);
        }
    }

    /** Has the broker asked again: the topic may be gone. */
    void forget(String queue) {
        known.remove(queue);
    }
}

package io.celeriac.engine.topic;

import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the control topic remembers a revocation, which the topic says and not a setting: so all who read it agree. */
public final class ControlTopic {

    private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private ControlTopic() {}

    /**
     * Warns where that is shorter than it is by default.
     *
     * @throws IllegalStateException when the broker does not answer
     */
    public static Duration retention(Admin admin, Topics topics) {
        var usual = topics.controlTopic().retention();
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topics.control());
        var found = Answers.ifThere(
                        topics.control(),
                        admin.describeConfigs(Set.of(resource)).all())
                .map(configs -> configs.get(resource))
                .map(config -> config.get(TopicConfig.RETENTION_MS_CONFIG))
                .map(entry -> Long.parseLong(entry.value()))
                .map(millis -> millis < 0 ? FOREVER : Duration.ofMillis(millis))
                .orElse(usual);
        if (found.compareTo(usual) < 0) {
            LOG.warn(
                    "Topic {} forgets that a task was revoked after {}. A task that no worker has seen by then runs all the same. To keep"
                            + " it for {}: kafka-configs --alter --entity-type topics --entity-name {} --add-config {}={}",
                    topics.control(),
                    found,
                    usual,
                    topics.control(),
                    TopicConfig.RETENTION_MS_CONFIG,
                    usual.toMillis());
        }
        return found;
    }
}

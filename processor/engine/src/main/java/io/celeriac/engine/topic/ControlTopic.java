package io.celeriac.engine.topic;

import io.celeriac.contract.topic.Topics;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads how long the control topic keeps a revocation. The topic decides, not a setting, so that all its readers agree. */
public final class ControlTopic {

    private static final Logger LOG = LoggerFactory.getLogger(ControlTopic.class);
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private ControlTopic() {}

    /**
     * Returns how long the topic keeps a revocation. Warns when that is shorter than the default.
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
                    "Topic {} keeps revocations for only {}. A task that no worker has seen by then runs all the same."
                            + " To keep them for {}: kafka-configs --alter --entity-type topics --entity-name {}"
                            + " --add-config {}={}",
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

package io.celeriac.results.retention;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a topic of results or of workflow states keep its records as long as the tables keep their rows, so that the tables can be rebuilt from it. The tables
 * work without it, so a failure is only logged. For one thread.
 */
final class ResultsTopicRetention {

    private static final Logger LOG = LoggerFactory.getLogger(ResultsTopicRetention.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Supplier<Admin> admin;
    private final String topic;
    private final Duration keep;
    private boolean done;

    /**
     * @param admin creates a client, which this object closes
     */
    ResultsTopicRetention(Supplier<Admin> admin, String topic, Duration keep) {
        this.admin = admin;
        this.topic = topic;
        this.keep = keep;
    }

    /** Sets the topic's retention, unless this object has done so before. */
    void ensure() {
        if (done) {
            return;
        }
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var millis = Long.toString(keep.toMillis());
        var change =
                new AlterConfigOp(new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, millis), AlterConfigOp.OpType.SET);
        try (var client = admin.get()) {
            client.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            done = true;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn(
                    "{} does not keep its records as long as celeriac.results.retention says, trying again; or set its"
                            + " retention.ms to {} with kafka-configs, and celeriac.results.retention.topic to false: {}",
                    topic,
                    millis,
                    e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.celeriac.engine.worker;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a crashed worker loses its partitions under {@code group.protocol=streams}, which the broker says and not the worker's
 * settings. Only tells; to change it takes a right that a worker need not have.
 */
final class BrokerSession {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
    private static final String TIMEOUT = "streams.session.timeout.ms";

    private BrokerSession() {}

    /** Warns where it is not what the settings ask for. */
    static void compare(Admin admin, String group, Duration asked) {
        try {
            var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
            var asking = admin.describeConfigs(Set.of(resource)).values().get(resource);
            var config = Objects.requireNonNull(asking).get();
            var timeout = config.get(TIMEOUT);
            if (timeout != null && Long.parseLong(timeout.value()) != asked.toMillis()) {
                LOG.warn(
                        "a crashed worker of group {} loses its partitions after {} ms, and not after {} ms: the broker"
                                + " decides. To change it: kafka-configs --alter --entity-type groups --entity-name {}"
                                + " --add-config {}={}, not below the broker's group.streams.min.session.timeout.ms",
                        group,
                        timeout.value(),
                        asked.toMillis(),
                        group,
                        TIMEOUT,
                        asked.toMillis());
            }
        } catch (ExecutionException e) {
            LOG.warn("when a crashed worker of group {} loses its partitions is up to the broker", group, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked about group " + group, e);
        }
    }
}

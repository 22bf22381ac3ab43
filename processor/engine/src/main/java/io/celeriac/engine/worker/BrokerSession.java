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
 * Checks when a crashed worker loses its partitions under {@code group.protocol=streams}. The broker decides that, not the worker's
 * settings. This class only warns: to change the broker's setting takes a right that a worker may lack.
 */
final class BrokerSession {

    private static final Logger LOG = LoggerFactory.getLogger(BrokerSession.class);
    private static final String TIMEOUT = "streams.session.timeout.ms";

    private BrokerSession() {}

    /** Warns when the broker's time differs from the time in the settings. */
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
            LOG.warn("the broker decides when a crashed worker of group {} loses its partitions", group, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was asked about group " + group, e);
        }
    }
}

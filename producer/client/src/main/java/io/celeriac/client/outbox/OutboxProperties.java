package io.celeriac.client.outbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the outbox.
 *
 * @param enabled whether tasks can be stored and are relayed
 * @param initializeSchema whether the tables are created at the start if they are missing
 * @param poll how often the relay looks for rows that other processes have stored
 * @param lease how long a shard stays with a relay that does not answer
 * @param batch rows that are sent at once, at most
 */
@ConfigurationProperties("celeriac.client.outbox")
public record OutboxProperties(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("true") boolean initializeSchema,
        @DefaultValue("500ms") Duration poll,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("2000") int batch) {

    public OutboxProperties {
        if (poll.isNegative() || poll.isZero() || lease.isNegative() || lease.isZero() || batch < 1 || batch > 10_000) {
            throw new IllegalArgumentException(
                    "celeriac.client.outbox: poll and lease must be longer than zero, and batch from 1 to 10000");
        }
    }
}

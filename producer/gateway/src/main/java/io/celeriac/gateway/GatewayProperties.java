package io.celeriac.gateway;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings {@code celeriac.gateway.*}.
 *
 * @param insecure whether it may listen on other addresses than loopback although it asks nobody who they are; default
 *     false
 * @param allowedHosts names by which it may be addressed, beside those of loopback, without port; with none it may be
 *     addressed by any name where it listens on other addresses than loopback
 * @param maxTaskSize of one task's JSON; default 960 KB, which leaves room for what workers keep beside a task within
 *     the broker's 1 MiB
 * @param maxBatchSize of the JSON of a batch; default 32 MB
 * @param events how state changes are streamed
 */
@ConfigurationProperties("celeriac.gateway")
public record GatewayProperties(
        @DefaultValue("false") boolean insecure,
        @DefaultValue Set<String> allowedHosts,
        @DefaultValue("960KB") DataSize maxTaskSize,
        @DefaultValue("32MB") DataSize maxBatchSize,
        @DefaultValue Events events) {

    /**
     * The settings {@code celeriac.gateway.events.*}.
     *
     * @param maxClients open streams at once; default 10,000. Each holds a connection, of which the server has
     *     {@code server.tomcat.max-connections}, which must be more than this
     * @param keptSize of the latest results in memory, from which streams are fed, so that one that falls behind, or is
     *     resumed, need not read the topic again; default 32 MB
     */
    public record Events(
            @DefaultValue("10000") int maxClients,
            @DefaultValue("32MB") DataSize keptSize) {}
}

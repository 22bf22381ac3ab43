package io.celeriac.web;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings {@code celeriac.web.*}.
 *
 * @param insecure whether it may listen on other addresses than loopback although it asks nobody who they are; default
 *     false
 * @param allowedHosts names by which it may be addressed, beside those of loopback, without port; with none it may be
 *     addressed by any name where it listens on other addresses than loopback
 * @param trustedProxies addresses, each with the length of its prefix, from which {@code X-Forwarded-*} and {@code
 *     Forwarded} are believed; default those of loopback and of private networks
 * @param heap that it may reckon with; null for all of the JVM's. To be set where other programs share the JVM
 * @param maxWaiting requests that wait for a result, or for the database; null for an eighth of the heap at 64 KB each
 * @param maxSearches questions to the database at once that may take long; default 6, must be fewer than the pool's
 *     connections ({@code spring.datasource.hikari.maximum-pool-size}, 10)
 * @param maxTaskSize of one task's JSON; default 960 KB, which leaves room for what workers keep beside a task within
 *     the broker's 1 MiB
 * @param maxBatchSize of the JSON of a batch; default 32 MB
 * @param bodyMemory for the bodies of all requests that are being read, but for batches, of which a byte counts eight times;
 *     null for a sixteenth of the heap
 * @param bodyTimeout after which a body must have come, and an answer have been taken; default 30 s. Five seconds without a
 *     byte of a body end it sooner
 * @param events how state changes are streamed
 */
@ConfigurationProperties("celeriac.web")
public record WebProperties(
        @DefaultValue("false") boolean insecure,
        @DefaultValue Set<String> allowedHosts,

        @DefaultValue({
            "127.0.0.0/8",
            "::1/128",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "fc00::/7",
            "fe80::/10"
        })
        Set<String> trustedProxies,

        @Nullable DataSize heap,
        @Nullable Integer maxWaiting,
        @DefaultValue("6") int maxSearches,
        @DefaultValue("960KB") DataSize maxTaskSize,
        @DefaultValue("32MB") DataSize maxBatchSize,
        @Nullable DataSize bodyMemory,
        @DefaultValue("30s") Duration bodyTimeout,
        @DefaultValue Events events) {

    /**
     * The settings {@code celeriac.web.events.*}.
     *
     * @param maxClients open streams at once; null for three sixteenths of the heap at 160 KB each
     * @param keptSize of the latest results in memory, from which streams are fed, so that one that falls behind, or is
     *     resumed, need not read the topic again; null for a sixteenth of the heap, at most 32 MB
     */
    public record Events(
            @Nullable Integer maxClients, @Nullable DataSize keptSize) {}
}

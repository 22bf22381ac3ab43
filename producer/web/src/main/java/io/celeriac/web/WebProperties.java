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
 * @param allowedHosts host names that requests may use, beside those of loopback, without port. If empty, requests may use
 *     any name if it listens on other addresses than loopback
 * @param trustedProxies addresses with prefix lengths; {@code X-Forwarded-*} and {@code Forwarded} are accepted only from
 *     these; default loopback and private networks
 * @param heap bytes of heap that the limits are derived from; null for the JVM's heap. Set it if other programs share the JVM
 * @param maxWaiting requests that wait for a result, or for the database; null for an eighth of the heap at 64 KB each
 * @param maxSearches slow database queries at once; default 6, must be fewer than the pool's connections ({@code
 *     spring.datasource.hikari.maximum-pool-size}, 10)
 * @param maxTaskSize of one task's JSON; default 960 KB, which leaves room within the broker's 1 MiB for the data that
 *     workers keep with a task
 * @param maxBatchSize of the JSON of a batch; default 32 MB
 * @param bodyMemory for all request bodies that are being read, except batches; each byte counts eight times; null for a
 *     sixteenth of the heap, at least 16 MB
 * @param bodyTimeout time limit for the arrival of a body, and for the client to take an answer; default 30 s. Five seconds
 *     without a byte of a body end it sooner
 * @param installation name of the installation, which pages show, such as {@code orders-prod}; default none
 * @param events how state changes are streamed
 */
@ConfigurationProperties("celeriac.web")
public record WebProperties(
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
        @DefaultValue("") String installation,
        @DefaultValue Events events) {

    /**
     * The settings {@code celeriac.web.events.*}.
     *
     * @param maxClients open streams at once; null for three sixteenths of the heap at 160 KB each
     * @param keptSize of the latest results in memory, from which streams are fed. A stream that falls behind or is resumed
     *     reads them here, and not from the topic; null for a sixteenth of the heap, at most 32 MB
     */
    public record Events(
            @Nullable Integer maxClients, @Nullable DataSize keptSize) {}
}

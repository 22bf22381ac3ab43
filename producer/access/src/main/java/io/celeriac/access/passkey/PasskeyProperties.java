package io.celeriac.access.passkey;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.access.passkey.*}.
 *
 * @param rpId the domain that passkeys are for, such as {@code celeriac.example.org}: the host of the gateway's address, or a
 *     domain above it. Passkeys of one domain are worth nothing for another. Null: passkeys are off, except at {@code
 *     http://localhost} of a gateway that listens on loopback
 * @param rpName what people read when they make a passkey; default {@code Celeriac}
 * @param origins addresses at which people use the gateway, such as {@code https://celeriac.example.org:8443}; default {@code
 *     https://} and the domain
 */
@ConfigurationProperties("celeriac.access.passkey")
public record PasskeyProperties(
        @Nullable String rpId,
        @DefaultValue("Celeriac") String rpName,
        @DefaultValue Set<String> origins) {

    public PasskeyProperties {
        rpId = rpId == null || rpId.isBlank() ? null : rpId.strip();
        origins = Set.copyOf(origins);
    }
}

package io.celeriac.access.oidc;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where people who sign in by OpenID Connect go.
 *
 * @param name of the issuer, for people
 * @param address of this gateway that sends a browser to the issuer, without the prefix
 */
public record OidcWay(String name, String address) {

    private static final String ADDRESS = "/api/session/oidc";

    /**
     * @param name null for the issuer's host
     */
    static OidcWay to(String issuer, @Nullable String name) {
        if (name != null && !name.isBlank()) {
            return new OidcWay(name, ADDRESS);
        }
        var host = URI.create(issuer).getHost();
        return new OidcWay(host == null ? issuer : host, ADDRESS);
    }
}

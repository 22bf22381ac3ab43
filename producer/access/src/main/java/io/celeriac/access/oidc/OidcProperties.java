package io.celeriac.access.oidc;

import io.celeriac.access.grant.Role;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings {@code celeriac.access.oidc.*}.
 *
 * @param issuer the issuer's address, exactly as it calls itself, such as {@code https://login.example.org/realms/shop}; null:
 *     nobody signs in by OpenID Connect
 * @param name what people read on the way to it; default the issuer's host
 * @param clientId of the gateway at the issuer
 * @param clientSecret of the gateway at the issuer; null for a public client
 * @param clientSecretFile a file whose first line is the secret, instead of {@code clientSecret}
 * @param scopes that are asked for; default {@code openid} and {@code profile}
 * @param userClaim the claim that becomes the name of a new user; {@code sub} where it is missing; default {@code
 *     preferred_username}
 * @param roleClaim the claim that has the person's groups or roles, a text or a list; dots lead into it, as in {@code
 *     realm_access.roles}. Null for none
 * @param roles the role for each value of that claim; of several, the one that may do most
 * @param timeout how long the issuer may take to answer; default 5 s
 * @param defaultRole the role of people whose claim has none of these values; null: they are refused
 */
@ConfigurationProperties("celeriac.access.oidc")
public record OidcProperties(
        @Nullable String issuer,
        @Nullable String name,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable String clientSecretFile,
        @DefaultValue({"openid", "profile"}) Set<String> scopes,
        @DefaultValue("preferred_username") String userClaim,
        @Nullable String roleClaim,
        @DefaultValue Map<String, Role> roles,
        @DefaultValue("5s") Duration timeout,
        @Nullable Role defaultRole) {

    public OidcProperties {
        scopes = Set.copyOf(scopes);
        roles = Map.copyOf(roles);
    }

    /** Without the secret, which has no place in a log. */
    @Override
    public String toString() {
        return "OidcProperties of " + issuer;
    }
}

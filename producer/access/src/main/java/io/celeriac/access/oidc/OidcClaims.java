package io.celeriac.access.oidc;

import io.celeriac.access.grant.Role;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the name and the role of a person from what the issuer tells. */
final class OidcClaims {

    private final OidcProperties settings;

    OidcClaims(OidcProperties settings) {
        this.settings = settings;
    }

    /** The name for a new user. */
    String name(Map<String, Object> claims, String subject) {
        return claims.get(settings.userClaim()) instanceof String text && !text.isBlank() ? text : subject;
    }

    /** The role; empty when the person has none. */
    Optional<Role> role(Map<String, Object> claims) {
        var claim = settings.roleClaim();
        var values = claim == null ? List.<String>of() : texts(value(claims, claim));
        return values.stream()
                .map(settings.roles()::get)
                .filter(Objects::nonNull)
                .max(Role::compareTo) // each includes the one before it
                .or(() -> Optional.ofNullable(settings.defaultRole()));
    }

    /** A claim of this very name, or one inside others. */
    private static @Nullable Object value(Map<?, ?> claims, String path) {
        var found = claims.get(path);
        if (found != null) {
            return found;
        }
        return Arrays.stream(path.split("\\."))
                .reduce(
                        (Object) claims,
                        (inside, key) ->
                                inside instanceof Map<?, ?> map && map.get(key) != null ? map.get(key) : List.of(),
                        (first, second) -> second);
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof String text) {
            return List.of(text);
        }
        return value instanceof Collection<?> many
                ? many.stream().map(String::valueOf).toList()
                : List.of();
    }
}

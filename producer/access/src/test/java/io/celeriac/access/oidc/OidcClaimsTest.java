package io.celeriac.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.access.grant.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OidcClaimsTest {

    private static OidcClaims claims(String roleClaim, Role otherwise) {
        return new OidcClaims(new OidcProperties(
                "https://login.example.org",
                null,
                "celeriac",
                null,
                null,
                Set.of("openid"),
                "preferred_username",
                roleClaim,
                Map.of("watchers", Role.VIEWER, "ops", Role.OPERATOR, "chiefs", Role.ADMIN),
                Duration.ofSeconds(5),
                otherwise));
    }

    @Test
    void takesTheRoleThatMayDoMost() {
        var claims = claims("groups", null);

        assertThat(claims.role(Map.of("groups", List.of("ops", "chiefs", "watchers", "others"))))
                .contains(Role.ADMIN);
        assertThat(claims.role(Map.of("groups", "ops"))).contains(Role.OPERATOR);
        assertThat(claims.role(Map.of("groups", List.of("Ops", "others")))).isEmpty();
        assertThat(claims.role(Map.of("groups", 7))).isEmpty();
        assertThat(claims.role(Map.of())).isEmpty();
    }

    @Test
    void findsAClaimInsideOthers() {
        var claims = claims("realm_access.roles", null);

        assertThat(claims.role(Map.of("realm_access", Map.of("roles", List.of("ops")))))
                .contains(Role.OPERATOR);
        assertThat(claims.role(Map.of("realm_access.roles", "watchers"))).contains(Role.VIEWER);
        assertThat(claims.role(Map.of("realm_access", "ops"))).isEmpty();
        assertThat(claims.role(Map.of("realm_access", Map.of("others", "ops")))).isEmpty();
    }

    @Test
    void givesTheDefaultRoleToOthers() {
        assertThat(claims("groups", Role.VIEWER).role(Map.of("groups", List.of("others"))))
                .contains(Role.VIEWER);
        assertThat(claims("groups", Role.VIEWER).role(Map.of("groups", List.of("ops"))))
                .contains(Role.OPERATOR);
        assertThat(claims(null, Role.VIEWER).role(Map.of())).contains(Role.VIEWER);
        assertThat(claims(null, null).role(Map.of("groups", "ops"))).isEmpty();
    }

    @Test
    void namesAUserByTheClaimOrTheSubject() {
        var claims = claims(null, null);

        assertThat(claims.name(Map.of("preferred_username", "ada"), "s-1")).isEqualTo("ada");
        assertThat(claims.name(Map.of("preferred_username", " "), "s-1")).isEqualTo("s-1");
        assertThat(claims.name(Map.of("email", "ada@example.org"), "s-1")).isEqualTo("s-1");
    }
}

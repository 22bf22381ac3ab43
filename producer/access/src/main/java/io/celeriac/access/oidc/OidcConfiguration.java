package io.celeriac.access.oidc;

import io.celeriac.access.throttle.Throttle;
import io.celeriac.access.user.Users;
import io.celeriac.web.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures signing in by OpenID Connect, where an issuer is set. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("celeriac.access.oidc.issuer")
@EnableConfigurationProperties(OidcProperties.class)
class OidcConfiguration {

    private static final int LONGEST_ISSUER = 500;

    @Bean
    OidcIssuer oidcIssuer(OidcProperties settings, InstantSource clock) {
        var issuer = settings.issuer();
        if (issuer == null || issuer.length() > LONGEST_ISSUER || !issuer.matches("https?://[!-~]+")) {
            throw new StartException(
                    "celeriac.access.oidc.issuer must be an address with https://, not " + issuer + ".", null);
        }
        var client = settings.clientId();
        if (client == null || client.isBlank()) {
            throw new StartException(
                    "celeriac.access.oidc.client-id must be set beside celeriac.access.oidc.issuer.", null);
        }
        return new OidcIssuer(settings, issuer, client, secret(settings), clock);
    }

    private static @Nullable String secret(OidcProperties settings) {
        var file = settings.clientSecretFile();
        if (file == null || file.isBlank()) {
            var secret = settings.clientSecret();
            return secret == null || secret.isBlank() ? null : secret;
        }
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new StartException(
                    "celeriac.access.oidc.client-secret-file is " + file + ", which cannot be read.", e);
        }
    }

    @Bean
    OidcSignIn oidcSignIn(OidcIssuer issuer, OidcProperties settings, Users users, Throttle throttle) {
        return new OidcSignIn(issuer, new OidcClaims(settings), users, throttle);
    }

    @Bean
    OidcWay oidcWay(OidcProperties settings, OidcIssuer issuer) {
        return OidcWay.to(issuer.address(), settings.name());
    }
}

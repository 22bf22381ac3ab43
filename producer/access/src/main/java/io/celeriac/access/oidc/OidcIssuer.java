package io.celeriac.access.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.celeriac.web.problem.ProblemException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeAuthenticationProvider;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.converter.ClaimTypeConverter;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;

/**
 * The OpenID Connect issuer. What it tells of itself is asked at the first sign-in and each hour, so a gateway starts without it,
 * and sign-ins by password go on while it is away.
 */
final class OidcIssuer {

    /** Its name among Spring Security's registrations. */
    static final String ID = "oidc";

    private static final Logger LOG = LoggerFactory.getLogger(OidcIssuer.class);
    private static final Duration REDISCOVERED_AFTER = Duration.ofHours(1);
    private static final Duration LONGEST_TURN = Duration.ofSeconds(1);
    private static final String CONFIGURATION = "/.well-known/openid-configuration";
    private static final ParameterizedTypeReference<Map<String, Object>> JSON = new ParameterizedTypeReference<>() {};

    /** What is known of an issuer: its addresses, and what checks its answers. */
    record Discovered(ClientRegistration registration, AuthenticationProvider provider) {}

    private final OidcProperties settings;
    private final String issuer;
    private final String clientId;
    private final @Nullable String secret;
    private final InstantSource clock;
    private final ClientHttpRequestFactory http;
    private final ReentrantLock discovering = new ReentrantLock();
    private final Cache<String, Discovered> known =
            Caffeine.newBuilder().expireAfterWrite(REDISCOVERED_AFTER).build();

    /**
     * @param secret of the client; null for a public one
     */
    OidcIssuer(OidcProperties settings, String issuer, String clientId, @Nullable String secret, InstantSource clock) {
        this.settings = settings;
        this.issuer = issuer;
        this.clientId = clientId;
        this.secret = secret;
        this.clock = clock;
        var factory = new JdkClientHttpRequestFactory(
                HttpClient.newBuilder().connectTimeout(settings.timeout()).build());
        factory.setReadTimeout(settings.timeout());
        http = factory;
    }

    /** As it calls itself. */
    String address() {
        return issuer;
    }

    /**
     * What is known of it.
     *
     * @throws ProblemException 503 when it does not answer as an issuer does
     */
    Discovered discovered() {
        var present = known.getIfPresent(issuer);
        if (present != null) {
            return present;
        }
        if (!isTurn()) { // an issuer that is silent must not hold a thread for each person who comes
            throw away();
        }
        try {
            return known.get(issuer, address -> discover());
        } catch (RestClientException | IllegalArgumentException | IllegalStateException e) {
            LOG.warn("the OpenID Connect issuer {} cannot be used: {}", issuer, e.getMessage());
            throw away();
        } finally {
            discovering.unlock();
        }
    }

    /** Whether this thread may ask the issuer; it waits a moment for another one that does. */
    private boolean isTurn() {
        try {
            return discovering.tryLock(LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The answer while it is away. */
    ProblemException away() {
        return ProblemException.busy("the issuer " + issuer + " does not answer", settings.timeout());
    }

    private Discovered discover() {
        var configuration = RestClient.builder()
                .requestFactory(http)
                .build()
                .get()
                .uri(issuer + CONFIGURATION)
                .retrieve()
                .body(JSON);
        if (configuration == null || !issuer.equals(configuration.get("issuer"))) {
            throw new IllegalStateException("it calls itself "
                    + (configuration == null ? "nothing" : configuration.get("issuer"))
                    + ", and celeriac.access.oidc.issuer must be the same");
        }
        var builder = ClientRegistrations.fromOidcConfiguration(configuration)
                .registrationId(ID)
                .issuerUri(issuer)
                .clientId(clientId)
                .scope(settings.scopes());
        if (secret == null) {
            builder.clientAuthenticationMethod(ClientAuthenticationMethod.NONE);
        } else {
            builder.clientSecret(secret);
        }
        var registration = builder.build();
        return new Discovered(registration, provider(registration));
    }

    private AuthenticationProvider provider(ClientRegistration registration) {
        var tokens = new RestClientAuthorizationCodeTokenResponseClient();
        tokens.setRestClient(RestClient.builder()
                .requestFactory(http)
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        var attributes = new DefaultOAuth2UserService();
        var rest = rest();
        rest.setErrorHandler(new OAuth2ErrorResponseErrorHandler());
        attributes.setRestOperations(rest);
        var people = new OidcUserService();
        people.setOauth2UserService(attributes);
        var provider = new OidcAuthorizationCodeAuthenticationProvider(tokens, people);
        var decoder = decoder(registration);
        provider.setJwtDecoderFactory(any -> decoder);
        return provider;
    }

    private JwtDecoder decoder(ClientRegistration registration) {
        var decoder = NimbusJwtDecoder.withJwkSetUri(
                        String.valueOf(registration.getProviderDetails().getJwkSetUri()))
                .restOperations(rest())
                .jwsAlgorithms(algorithms -> algorithms.addAll(List.of(SignatureAlgorithm.values())))
                .build();
        var times = new JwtTimestampValidator();
        times.setClock(clock.withZone(ZoneOffset.UTC));
        var idToken = new OidcIdTokenValidator(registration);
        idToken.setClock(clock.withZone(ZoneOffset.UTC));
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(times, idToken));
        decoder.setClaimSetConverter(
                new ClaimTypeConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverters()));
        return decoder;
    }

    private RestTemplate rest() {
        return new RestTemplate(http);
    }
}

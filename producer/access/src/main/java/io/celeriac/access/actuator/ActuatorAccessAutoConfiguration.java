package io.celeriac.access.actuator;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.filter.EndpointAuthorization;
import io.celeriac.access.filter.Refusals;
import io.celeriac.access.token.BearerAuthentication;
import io.celeriac.access.token.Tokens;
import io.celeriac.access.token.Tokens.Trust;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;

/**
 * Protects {@code /actuator} of a program that has no REST calls. It asks for tokens by the same table as the gateway, and has
 * neither sessions nor tables of its own.
 */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", havingValue = false)
@ConditionalOnBooleanProperty(name = ShownEndpoints.ACTUATOR_ONLY)
@ConditionalOnBooleanProperty(name = "celeriac.access.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AccessProperties.class)
@EnableWebSecurity
public class ActuatorAccessAutoConfiguration {

    private static final int SECURITY_ORDER = -100;

    /** So long a scraper that was let in stays so while the database is away. */
    private static final Duration OUTAGE = Duration.ofMinutes(1);

    @Bean
    SecurityFilterChain actuator(
            HttpSecurity http, DataSource database, InstantSource clock, AccessProperties settings) {
        var bearer = new BearerAuthentication(Tokens.checkedIn(database, clock, new Trust(settings.recheck(), OUTAGE)));
        var refusals = new Refusals();
        var filter = new AuthenticationFilter(bearer, bearer);
        filter.setSuccessHandler((request, response, authentication) -> {
            // the request goes on
        });
        filter.setFailureHandler(refusals);
        return http.addFilterBefore(filter, AnonymousAuthenticationFilter.class)
                .csrf(AbstractHttpConfigurer::disable) // there is no session that another site could use
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .authorizeHttpRequests(requests -> requests.anyRequest().access(new EndpointAuthorization(() -> null)))
                .build();
    }

    @Bean
    FilterRegistrationBean<Filter> actuatorFilters(@Qualifier("springSecurityFilterChain") Filter chain) {
        var registration = new FilterRegistrationBean<>(chain);
        registration.setOrder(SECURITY_ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST)); // a later dispatch was let through before
        return registration;
    }
}

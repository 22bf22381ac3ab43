package io.celeriac.access.filter;

import io.celeriac.access.rule.KnownCaller;
import io.celeriac.access.session.SessionCsrf;
import io.celeriac.access.session.UserSessions;
import io.celeriac.access.token.BearerAuthentication;
import io.celeriac.web.caller.CallerSource;
import io.celeriac.web.caller.QueueOfTask;
import io.celeriac.web.problem.ProblemWriter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.util.EnumSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** Configures two chains of filters, one for requests with a token and one for all others, by the same table. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class FilterConfiguration {

    private static final int OUTAGE_ORDER = Ordered.HIGHEST_PRECEDENCE + 5;
    private static final int SECURITY_ORDER = -100;

    private final Refusals refusals = new Refusals(true);
    private final Supplier<@Nullable QueueOfTask> queues;

    FilterConfiguration(ObjectProvider<QueueOfTask> queues) {
        this.queues = queues::getIfAvailable;
    }

    @Bean
    CallerSource knownCaller() {
        return new KnownCaller();
    }

    /** A program: no session, and so nothing that another site could use. */
    @Bean
    @Order(1)
    SecurityFilterChain programs(HttpSecurity http, BearerAuthentication bearer) {
        var filter = new AuthenticationFilter(bearer, bearer);
        filter.setSuccessHandler((request, response, authentication) -> {
            // the request goes on
        });
        filter.setFailureHandler(refusals);
        http.securityMatcher(bearer)
                .csrf(AbstractHttpConfigurer::disable)
                .addFilterBefore(filter, AnonymousAuthenticationFilter.class);
        return common(http);
    }

    /** A person, or nobody who is known. */
    @Bean
    @Order(2)
    SecurityFilterChain people(HttpSecurity http, UserSessions sessions, SessionCsrf csrf) {
        http.securityContext(context -> context.securityContextRepository(sessions))
                .csrf(configurer -> configurer.csrfTokenRepository(csrf).requireCsrfProtectionMatcher(csrf));
        return common(http);
    }

    private SecurityFilterChain common(HttpSecurity http) {
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .headers(headers -> headers.addHeaderWriter(new SecurityHeaders()))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .authorizeHttpRequests(requests -> requests.anyRequest().access(new EndpointAuthorization(queues)))
                .build();
    }

    /**
     * Lets through what names of schedules and tasks may have when encoded. The table and the controllers match the path as it
     * was sent, so a path cannot mean one thing here and another there.
     */
    @Bean
    HttpFirewall httpFirewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowUrlEncodedLineFeed(true);
        firewall.setAllowUrlEncodedCarriageReturn(true);
        firewall.setAllowUrlEncodedLineSeparator(true);
        firewall.setAllowUrlEncodedParagraphSeparator(true);
        firewall.setAllowBackSlash(true);
        firewall.setAllowSemicolon(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler() {
        return (request, response, rejection) -> ProblemWriter.write(
                request, response, HttpStatus.BAD_REQUEST, "the path or a header is not well-formed");
    }

    @Bean
    FilterRegistrationBean<Filter> securityFilters(@Qualifier("springSecurityFilterChain") Filter chain) {
        var registration = new FilterRegistrationBean<>(chain);
        registration.setOrder(SECURITY_ORDER);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST)); // a later dispatch was let through before
        return registration;
    }

    @Bean
    FilterRegistrationBean<OutageFilter> outageFilter() {
        var registration = new FilterRegistrationBean<>(new OutageFilter());
        registration.setOrder(OUTAGE_ORDER);
        return registration;
    }
}

package io.celeriac.access.session;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.table.AccessTables;
import io.celeriac.access.throttle.Throttle;
import io.celeriac.access.user.SessionsOfUsers;
import io.celeriac.access.user.Users;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.transaction.PlatformTransactionManager;

/** Configures sessions, which are in the database and so the same on all gateways. */
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {

    /** After the filters that every request passes, before all that ask for the session. */
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 50;

    @Bean
    @SuppressWarnings("unused") // the tables have to be there
    JdbcIndexedSessionRepository sessionStore(
            DataSource database,
            AccessTables tables,
            PlatformTransactionManager transactions,
            AccessProperties settings) {
        return SessionStoreRepository.create(database, transactions, settings.sessionIdle());
    }

    @Bean
    FilterRegistrationBean<SessionRepositoryFilter<?>> sessionFilter(JdbcIndexedSessionRepository store) {
        var cookies = new DefaultCookieSerializer(); // HttpOnly, SameSite=Lax, and Secure behind HTTPS
        cookies.setCookieName(SessionCsrf.COOKIE);
        var ids = new CookieHttpSessionIdResolver();
        ids.setCookieSerializer(cookies);
        var filter = new SessionRepositoryFilter<>(store);
        filter.setHttpSessionIdResolver(ids);
        var registration = new FilterRegistrationBean<SessionRepositoryFilter<?>>(filter);
        registration.setOrder(ORDER);
        return registration;
    }

    @Bean
    SessionsOfUsers sessionsOfUsers(FindByIndexNameSessionRepository<? extends Session> store) {
        return new UserSessions.Ending(store);
    }

    @Bean
    UserSessions userSessions(Users users, InstantSource clock, AccessProperties settings) {
        return new UserSessions(users, clock, settings);
    }

    @Bean
    SessionCsrf sessionCsrf() {
        return new SessionCsrf();
    }

    @Bean
    SignIn signIn(Users users, Throttle throttle, PasswordEncoder passwords) {
        return new SignIn(
                users, throttle, passwords, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }
}

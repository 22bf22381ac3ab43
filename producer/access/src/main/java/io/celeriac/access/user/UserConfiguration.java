package io.celeriac.access.user;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.table.AccessTables;
import java.time.InstantSource;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Configures users and their passwords. */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    private static final String BCRYPT = "bcrypt";
    private static final int STRENGTH = 12;

    /** Knows nothing but bcrypt, so that a row cannot ask for a weaker encoding. */
    @Bean
    PasswordEncoder passwordEncoder() {
        return new DelegatingPasswordEncoder(BCRYPT, Map.of(BCRYPT, new BCryptPasswordEncoder(STRENGTH)));
    }

    @Bean
    Users accessUsers(
            DataSource database,
            AccessTables tables,
            PlatformTransactionManager transactions,
            PasswordEncoder passwords,
            SessionsOfUsers sessions,
            InstantSource clock,
            AccessProperties settings) {
        return new Users(
                new UserRepository(database, tables),
                new TransactionTemplate(transactions),
                passwords,
                sessions,
                clock,
                settings.recheck());
    }
}

package io.celeriac.access.passkey;

import io.celeriac.access.table.AccessTables;
import io.celeriac.access.throttle.Throttle;
import io.celeriac.access.user.Users;
import io.celeriac.web.request.ListenAddress;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Configures signing in by passkey. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PasskeyProperties.class)
class PasskeyConfiguration {

    @Bean
    RelyingParties relyingParties(PasskeyProperties settings, Environment environment) {
        return new RelyingParties(settings, ListenAddress.isLoopback(environment.getProperty("server.address")));
    }

    @Bean
    Passkeys passkeys(DataSource database, AccessTables tables, Users users, InstantSource clock) {
        return new Passkeys(
                new PasskeyRepository(database, tables), new ChallengeRepository(database, tables), users, clock);
    }

    @Bean
    PasskeySignIn passkeySignIn(Passkeys passkeys, Throttle throttle, Users users) {
        return new PasskeySignIn(passkeys, throttle, users);
    }
}

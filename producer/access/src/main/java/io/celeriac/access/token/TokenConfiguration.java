package io.celeriac.access.token;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.table.AccessTables;
import java.security.SecureRandom;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the tokens of programs. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    @Bean
    Tokens accessTokens(DataSource database, AccessTables tables, InstantSource clock, AccessProperties settings) {
        return new Tokens(new TokenRepository(database, tables), clock, new SecureRandom(), settings.recheck());
    }

    @Bean
    BearerAuthentication bearerAuthentication(Tokens tokens) {
        return new BearerAuthentication(tokens);
    }
}

package io.celeriac.access.token;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.table.AccessTables;
import io.celeriac.access.token.Tokens.Trust;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configures the tokens of programs. */
@Configuration(proxyBeanMethods = false)
class TokenConfiguration {

    /**
     * @param tables proof that the tables are there
     */
    @Bean
    @SuppressWarnings("unused")
    Tokens accessTokens(DataSource database, AccessTables tables, InstantSource clock, AccessProperties settings) {
        return new Tokens(
                new TokenRepository(database), clock, new SecureRandom(), new Trust(settings.recheck(), Duration.ZERO));
    }

    @Bean
    BearerAuthentication bearerAuthentication(Tokens tokens) {
        return new BearerAuthentication(tokens);
    }
}

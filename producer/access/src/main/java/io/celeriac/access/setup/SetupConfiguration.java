package io.celeriac.access.setup;

import io.celeriac.access.AccessProperties;
import io.celeriac.access.table.AccessTables;
import io.celeriac.access.user.Users;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.ott.OneTimeTokenService;

/** Configures the way in for the first administrator. */
@Configuration(proxyBeanMethods = false)
class SetupConfiguration {

    @Bean
    @SuppressWarnings("unused") // the tables have to be there
    OneTimeTokenService oneTimeTokenService(DataSource database, AccessTables tables) {
        return OneTimeTokenRepository.create(database);
    }

    @Bean
    FirstAdministrator firstAdministrator(Users users, OneTimeTokenService tokens, AccessProperties settings) {
        var file = settings.adminPasswordFile();
        return new FirstAdministrator(users, tokens, file == null || file.isBlank() ? null : Path.of(file));
    }

    /** When the port is known. */
    @Bean
    ApplicationListener<WebServerInitializedEvent> firstAdministratorAtStart(
            FirstAdministrator first, AccessProperties settings, Environment environment) {
        return started -> {
            var address = environment.getProperty("server.address", "127.0.0.1");
            var prefix = environment.getProperty("server.servlet.context-path", "");
            var own = "http://" + address + ":" + started.getWebServer().getPort() + prefix;
            first.prepare(settings.url() == null ? own : settings.url());
        };
    }
}

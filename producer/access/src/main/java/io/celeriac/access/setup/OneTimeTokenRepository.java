package io.celeriac.access.setup;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.authentication.ott.JdbcOneTimeTokenService;
import org.springframework.security.authentication.ott.OneTimeTokenService;

/** The table {@code one_time_tokens}, which Spring Security reads and writes. */
final class OneTimeTokenRepository {

    private OneTimeTokenRepository() {}

    static OneTimeTokenService create(DataSource database) {
        return new JdbcOneTimeTokenService(new JdbcTemplate(database));
    }
}

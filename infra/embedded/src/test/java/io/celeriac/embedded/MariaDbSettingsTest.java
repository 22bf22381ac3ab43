package io.celeriac.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MariaDbSettingsTest {

    private final MariaDbSettings settings = MariaDbSettings.of(Path.of("home"), 3306);

    @Test
    void givesAUserOneDatabaseOnly() {
        assertThat(settings.withDatabase("celeriac", "worker", "secret").statements())
                .contains("GRANT ALL ON celeriac.* TO 'worker'@'127.0.0.1'");
    }

    @Test
    void refusesNamesThatWouldEndTheStatement() {
        assertThatThrownBy(() -> settings.withDatabase("celeriac; DROP", "worker", "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("celeriac; DROP");
    }

    @Test
    void keepsTheFirstDatabaseOfAUserWhoGetsASecond() {
        assertThat(settings.withDatabase("first", "worker", "secret")
                        .withDatabase("second", "worker", "secret")
                        .statements())
                .contains("GRANT ALL ON first.* TO 'worker'@'127.0.0.1'")
                .noneMatch(sql -> sql.contains("REPLACE"));
    }
}

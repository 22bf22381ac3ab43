package io.celeriac.gateway;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.StartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class RequiredSettingsTest {

    private final MockEnvironment settings = new MockEnvironment()
            .withProperty("spring.kafka.bootstrap-servers", "127.0.0.1:9092")
            .withProperty("spring.datasource.url", "jdbc:mysql://127.0.0.1/tasks")
            .withProperty("spring.datasource.username", "tasks")
            .withProperty("server.address", "127.0.0.1");

    @Test
    void namesTheSettingThatIsMissing() {
        settings.setProperty("spring.datasource.url", "");

        assertThatThrownBy(() -> RequiredSettings.check(settings))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("spring.datasource.url")
                .hasMessageContaining("SPRING_DATASOURCE_URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "", "192.0.2.1"})
    void refusesToOpenItselfToTheNetwork(String address) {
        settings.setProperty("server.address", address);

        assertThatThrownBy(() -> RequiredSettings.check(settings))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("credentials")
                .hasMessageContaining("celeriac.web.insecure=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void staysOnLoopback(String address) {
        settings.setProperty("server.address", address);

        assertThatCode(() -> RequiredSettings.check(settings)).doesNotThrowAnyException();
    }

    @Test
    void opensItselfWhenTold() {
        settings.setProperty("server.address", "0.0.0.0");
        settings.setProperty("celeriac.web.insecure", "true");

        assertThatCode(() -> RequiredSettings.check(settings)).doesNotThrowAnyException();
    }
}

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
    void refusesToOpenItselfToTheNetworkWithoutAccessControl(String address) {
        settings.setProperty("server.address", address);
        settings.setProperty("celeriac.access.enabled", "false");

        assertThatThrownBy(() -> RequiredSettings.check(settings))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("celeriac.access.enabled")
                .hasMessageContaining("server.address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void mayBeOpenOnLoopback(String address) {
        settings.setProperty("server.address", address);
        settings.setProperty("celeriac.access.enabled", "false");

        assertThatCode(() -> RequiredSettings.check(settings)).doesNotThrowAnyException();
    }

    @Test
    void listensAnywhereWithAccessControl() {
        settings.setProperty("server.address", "0.0.0.0");

        assertThatCode(() -> RequiredSettings.check(settings)).doesNotThrowAnyException();
    }
}

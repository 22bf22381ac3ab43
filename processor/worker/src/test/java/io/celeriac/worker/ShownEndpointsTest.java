package io.celeriac.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class ShownEndpointsTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 'health,prometheus,tasks'",
        "::1, 'health,prometheus,tasks'",
        "0.0.0.0, health",
        "'', health",
        "192.0.2.1, health"
    })
    void showsOnlyHealthToTheNetwork(String address, String shown) {
        var settings = new MockEnvironment().withProperty("server.address", address);

        ShownEndpoints.choose(settings);

        assertThat(settings.getProperty(ShownEndpoints.SETTING)).isEqualTo(shown);
    }

    @Test
    void showsWhatTheSettingsName() {
        var settings = new MockEnvironment()
                .withProperty("server.address", "0.0.0.0")
                .withProperty(ShownEndpoints.SETTING, "health,prometheus");

        ShownEndpoints.choose(settings);

        assertThat(settings.getProperty(ShownEndpoints.SETTING)).isEqualTo("health,prometheus");
    }
}

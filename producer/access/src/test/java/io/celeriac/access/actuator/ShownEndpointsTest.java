package io.celeriac.access.actuator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.mock.env.MockEnvironment;

class ShownEndpointsTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, false, 'health,prometheus,tasks'",
        "::1, false, 'health,prometheus,tasks'",
        "0.0.0.0, false, health",
        "'', false, health",
        "192.0.2.1, false, health",
        "192.0.2.1, true, 'health,prometheus,tasks'"
    })
    void showsOnlyHealthToANetworkThatIsNotAskedForTokens(String address, boolean access, String shown) {
        var settings = program()
                .withProperty("server.address", address)
                .withProperty("celeriac.access.enabled", Boolean.toString(access));

        assertThat(shown(settings)).isEqualTo(shown);
    }

    @Test
    void asksForTokensUnlessItIsToldNotTo() {
        assertThat(shown(program().withProperty("server.address", "0.0.0.0"))).isEqualTo("health,prometheus,tasks");
    }

    @Test
    void goesByTheAddressOfTheManagementPort() {
        var settings = program()
                .withProperty("server.address", "0.0.0.0")
                .withProperty("management.server.address", "127.0.0.1")
                .withProperty("celeriac.access.enabled", "false");

        assertThat(shown(settings)).isEqualTo("health,prometheus,tasks");
    }

    @Test
    void showsWhatTheSettingsName() {
        var settings = program().withProperty(ShownEndpoints.SETTING, "health,env");

        assertThat(shown(settings)).isEqualTo("health,env");
    }

    @Test
    void leavesOtherProgramsAlone() {
        assertThat(shown(new MockEnvironment())).isNull();
    }

    private static MockEnvironment program() {
        return new MockEnvironment().withProperty(ShownEndpoints.ACTUATOR_ONLY, "true");
    }

    private static String shown(MockEnvironment settings) {
        new ShownEndpoints().postProcessEnvironment(settings, new SpringApplication());
        return settings.getProperty(ShownEndpoints.SETTING);
    }
}

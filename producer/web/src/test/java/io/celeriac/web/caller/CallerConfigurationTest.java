package io.celeriac.web.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.web.StartException;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.web.MockHttpServletRequest;

/** A program that embeds the REST calls without access control must not open them to the network. */
class CallerConfigurationTest {

    private final MockEnvironment settings = new MockEnvironment();

    @Test
    void isOpenOnLoopback() {
        settings.setProperty("server.address", "127.0.0.1");

        assertThat(new CallerConfiguration().openToEverybody(settings).of(new MockHttpServletRequest()))
                .isEqualTo(Caller.OPEN);
    }

    @Test
    void refusesToStartOpenToTheNetwork() {
        assertThatThrownBy(() -> new CallerConfiguration().openToEverybody(settings))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("server.address");
        settings.setProperty("server.address", "0.0.0.0");
        assertThatThrownBy(() -> new CallerConfiguration().openToEverybody(settings))
                .isInstanceOf(StartException.class);
    }
}

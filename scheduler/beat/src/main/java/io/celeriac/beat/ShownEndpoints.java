package io.celeriac.beat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Chooses the endpoints below {@code /actuator} that the scheduler shows. It asks nobody for credentials, so on other addresses than
 * loopback it shows only health, unless the settings name others.
 */
final class ShownEndpoints implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    static final String SETTING = "management.endpoints.web.exposure.include";

    private static final String ON_LOOPBACK = "health,prometheus";
    private static final String ELSEWHERE = "health";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        choose(context.getEnvironment());
    }

    static void choose(ConfigurableEnvironment settings) {
        var address = settings.getProperty("management.server.address", settings.getProperty("server.address", ""));
        settings.getPropertySources()
                .addLast(new MapPropertySource(
                        "shown endpoints", Map.of(SETTING, isLoopback(address) ? ON_LOOPBACK : ELSEWHERE)));
    }

    private static boolean isLoopback(@Nullable String address) {
        if (address == null || address.isBlank()) {
            return false;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // the server does not start with it
        }
    }
}

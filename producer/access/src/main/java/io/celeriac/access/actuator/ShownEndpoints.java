package io.celeriac.access.actuator;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Chooses the endpoints below {@code /actuator} that a program without REST calls shows, unless its settings name them. A program
 * that asks nobody for credentials shows only health on other addresses than loopback.
 */
public final class ShownEndpoints implements EnvironmentPostProcessor {

    /** The setting of the programs that have no REST calls. */
    static final String ACTUATOR_ONLY = "celeriac.access.actuator-only";

    static final String SETTING = "management.endpoints.web.exposure.include";

    private static final String ALL = "health,prometheus,tasks"; // the scheduler has no tasks, and then shows none
    private static final String TO_ANYBODY = "health";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment settings, SpringApplication application) {
        if (settings.getProperty(ACTUATOR_ONLY, Boolean.class, false)) {
            var shown = isAccessControlled(settings) || isLoopback(address(settings)) ? ALL : TO_ANYBODY;
            settings.getPropertySources().addLast(new MapPropertySource("shown endpoints", Map.of(SETTING, shown)));
        }
    }

    private static boolean isAccessControlled(ConfigurableEnvironment settings) {
        return settings.getProperty("celeriac.access.enabled", Boolean.class, true);
    }

    private static @Nullable String address(ConfigurableEnvironment settings) {
        return settings.getProperty("management.server.address", settings.getProperty("server.address", ""));
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

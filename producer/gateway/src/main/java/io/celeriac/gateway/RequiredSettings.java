package io.celeriac.gateway;

import io.celeriac.web.StartException;
import io.celeriac.web.request.ListenAddress;
import java.util.List;
import java.util.Locale;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Checks settings before anything connects: it stops a start that lacks one, or would open the gateway to the network. */
final class RequiredSettings implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final List<String> REQUIRED =
            List.of("spring.kafka.bootstrap-servers", "spring.datasource.url", "spring.datasource.username");

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        check(context.getEnvironment());
    }

    static void check(Environment settings) {
        for (var name : REQUIRED) {
            var value = settings.getProperty(name);
            if (value == null || value.isBlank()) {
                throw new StartException(
                        "The setting " + name + " is missing. Set it, or the environment variable "
                                + name.toUpperCase(Locale.ROOT)
                                        .replace('.', '_')
                                        .replace("-", "") + ".",
                        null);
            }
        }
        var address = settings.getProperty("server.address");
        if (!settings.getProperty("celeriac.access.enabled", Boolean.class, true)
                && !ListenAddress.isLoopback(address)) {
            throw new StartException(
                    "celeriac.access.enabled is false, and server.address is "
                            + (address == null ? "not set, which means all addresses" : address)
                            + ": anybody who reaches the gateway could do everything. Leave celeriac.access.enabled out,"
                            + " or bind the gateway to 127.0.0.1.",
                    null);
        }
    }
}

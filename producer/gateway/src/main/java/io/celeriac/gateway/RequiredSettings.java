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
        if (!ListenAddress.isLoopback(address)
                && !settings.getProperty("celeriac.web.insecure", Boolean.class, false)) {
            throw new StartException(
                    "server.address is " + (address == null ? "not set, which means all addresses" : address)
                            + ", but the gateway does not ask for credentials yet: anybody who reaches it may submit"
                            + " tasks and read results. Bind it to 127.0.0.1, or set celeriac.web.insecure=true if a"
                            + " proxy in front of it controls access.",
                    null);
        }
    }
}

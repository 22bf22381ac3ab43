package io.celeriac.gateway;

import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the program on a free port, with the broker of the tests and a database of its own. */
public final class TestGateway {

    private TestGateway() {}

    /**
     * Starts it without access control.
     *
     * @param namespace of its topics
     * @param settings more of them, each as {@code --name=value}
     */
    public static ConfigurableApplicationContext start(String namespace, String... settings) {
        return start(namespace, TestStack.createDatabase(), false, settings);
    }

    /** The same with a database that others use as well. */
    public static ConfigurableApplicationContext start(TestDatabase database, String namespace, String... settings) {
        return start(namespace, database, false, settings);
    }

    /** Starts it with access control. */
    public static ConfigurableApplicationContext startSecured(
            String namespace, TestDatabase database, String... settings) {
        return start(namespace, database, true, settings);
    }

    private static ConfigurableApplicationContext start(
            String namespace, TestDatabase database, boolean secured, String... settings) {
        var own = Stream.of(
                "--server.port=0",
                "--celeriac.access.enabled=" + secured,
                "--celeriac.namespace=" + namespace,
                "--spring.kafka.bootstrap-servers=" + TestStack.kafka().bootstrapServers(),
                "--spring.datasource.url=" + database.jdbcUrl(),
                "--spring.datasource.username=" + database.username(),
                "--spring.datasource.password=" + database.password());
        return GatewayApplication.application()
                .run(Stream.concat(own, Stream.of(settings)).toArray(String[]::new));
    }
}

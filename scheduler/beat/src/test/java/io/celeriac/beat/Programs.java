package io.celeriac.beat;

import io.celeriac.testkit.TestDatabase;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the scheduler the way another program does that has it in its own JVM. */
final class Programs {

    private Programs() {}

    static ConfigurableApplicationContext start(
            String bootstrapServers, TestDatabase database, String namespace, String... more) {
        return run(BeatApplication.application(), bootstrapServers, database, namespace, more);
    }

    static ConfigurableApplicationContext run(
            SpringApplicationBuilder application,
            String bootstrapServers,
            TestDatabase database,
            String namespace,
            String... more) {
        return application.run(Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                                "--spring.datasource.url=" + database.jdbcUrl(),
                                "--spring.datasource.username=" + database.username(),
                                "--spring.datasource.password=" + database.password(),
                                "--celeriac.namespace=" + namespace),
                        Stream.of(more))
                .toArray(String[]::new));
    }
}

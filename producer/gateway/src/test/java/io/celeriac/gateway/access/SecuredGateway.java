package io.celeriac.gateway.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.access.setup.FirstAdministrator;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.util.stream.Stream;
import org.springframework.context.ConfigurableApplicationContext;

/** A gateway with access control, and its first administrator. */
record SecuredGateway(ConfigurableApplicationContext program, TestDatabase database, String namespace, Client admin)
        implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";

    /** Starts it, and makes the administrator. */
    static SecuredGateway start(String... settings) {
        var database = TestStack.createDatabase();
        var namespace = TestStack.uniqueName("access");
        var program = TestGateway.startSecured(
                namespace,
                database,
                Stream.concat(Stream.of("--celeriac.queues=mail,reports"), Stream.of(settings))
                        .toArray(String[]::new));
        var admin = Client.nobody(program);
        var token = program.getBean(FirstAdministrator.class).token().orElseThrow();
        var answer = admin.post(
                "/api/setup", "{\"token\":\"" + token + "\",\"user\":\"admin\",\"password\":\"" + PASSWORD + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        return new SecuredGateway(program, database, namespace, admin.learnCsrf());
    }

    Client nobody() {
        return Client.nobody(program);
    }

    /** A program with a new token. */
    Client program(String name, String grant) {
        var answer = admin.post("/api/tokens", "{\"name\":\"" + name + "\"," + grant + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return nobody().withToken(Client.json(answer).get("token").asString());
    }

    /** A new user who has signed in. */
    Client person(String name, String grant) {
        var answer =
                admin.post("/api/users", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"," + grant + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return nobody().signIn(name, PASSWORD);
    }

    @Override
    public void close() {
        program.close();
    }
}

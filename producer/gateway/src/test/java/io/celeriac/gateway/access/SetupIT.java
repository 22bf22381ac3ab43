package io.celeriac.gateway.access;

import static io.celeriac.gateway.access.SecuredGateway.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.access.setup.FirstAdministrator;
import io.celeriac.gateway.TestGateway;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestStack;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first administrator, and a database that is away. */
class SetupIT {

    @Test
    void letsTheVisitorInOnce() {
        var database = TestStack.createDatabase();
        var namespace = TestStack.uniqueName("setup");
        try (var gateway = TestGateway.startSecured(namespace, database)) {
            var token = gateway.getBean(FirstAdministrator.class).token().orElseThrow();
            var nobody = Client.nobody(gateway);
            assertThat(nobody.get("/api/session").body()).contains("\"needsSetup\":true");
            assertThat(nobody.post("/api/setup", setup("wrong", PASSWORD)).statusCode())
                    .isEqualTo(401);
            assertThat(nobody.post("/api/setup", setup(token, "short")).statusCode())
                    .as("a mistake does not use the token up")
                    .isEqualTo(422);
            assertThat(nobody.post("/api/setup", setup(token, PASSWORD)).statusCode())
                    .isEqualTo(204);
            assertThat(nobody.get("/api/users").statusCode()).isEqualTo(200);
            assertThat(Client.nobody(gateway)
                            .post("/api/setup", setup(token, PASSWORD))
                            .statusCode())
                    .isEqualTo(409);
        }
        try (var again = TestGateway.startSecured(namespace, database)) {
            assertThat(again.getBean(FirstAdministrator.class).token()).isEmpty();
            assertThat(Client.nobody(again)
                            .signIn("ada", PASSWORD)
                            .get("/api/me")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static String setup(String token, String password) {
        return "{\"token\":\"" + token + "\",\"user\":\"ada\",\"password\":\"" + password + "\"}";
    }

    @Test
    void takesThePasswordFromAFile(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
        try (var gateway = TestGateway.startSecured(
                TestStack.uniqueName("setup"),
                TestStack.createDatabase(),
                "--celeriac.access.admin-password-file=" + file)) {
            assertThat(Client.nobody(gateway)
                            .signIn("admin", PASSWORD)
                            .get("/api/users")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void answers503WhileTheDatabaseIsAway() {
        try (var server = DatabaseServer.launch()) {
            var database = server.createDatabase();
            try (var gateway = TestGateway.startSecured(TestStack.uniqueName("setup"), database)) {
                var token = gateway.getBean(FirstAdministrator.class).token().orElseThrow();
                var person = Client.nobody(gateway);
                person.post("/api/setup", setup(token, PASSWORD));

                server.kill();

                assertThat(Client.nobody(gateway)
                                .post("/api/session", "{\"user\":\"ada\",\"password\":\"" + PASSWORD + "\"}")
                                .statusCode())
                        .isEqualTo(503);
                assertThat(person.get("/api/me").statusCode()).isEqualTo(503);
                assertThat(Client.nobody(gateway)
                                .withToken("cel_00000000000000000000000000000000000000000OGSPa")
                                .get("/api/me")
                                .statusCode())
                        .isIn(401, 503);
                assertThat(Client.nobody(gateway)
                                .get("/actuator/health/liveness")
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }
}

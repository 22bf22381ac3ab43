package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class DatabaseServerIT {

    /** The address must stay the same too: a program that outlives the outage has no other. */
    @Test
    void isGoneWhileStoppedAndBackWithItsDataAfterwards() throws Exception {
        try (var server = DatabaseServer.launch()) {
            TestDatabase database = server.createDatabase();
            execute(database, "CREATE TABLE kept (id INT PRIMARY KEY)");
            execute(database, "INSERT INTO kept VALUES (1)");

            server.stop();
            assertThatThrownBy(() -> execute(database, "SELECT 1")).isInstanceOf(SQLException.class);
            server.start();
            assertThat(execute(database, "UPDATE kept SET id = 2")).isEqualTo(1);

            server.kill();
            server.start();
            assertThat(execute(database, "UPDATE kept SET id = 3")).isEqualTo(1);
        }
    }

    private static int execute(TestDatabase database, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        }
    }
}

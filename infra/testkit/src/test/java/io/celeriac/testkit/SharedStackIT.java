package io.celeriac.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class SharedStackIT {

    @Test
    void hasABroker() throws Exception {
        String topic = TestStack.uniqueName("topic");
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", TestStack.kafka().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 8, (short) 1))).all().get();
            assertThat(admin.listTopics().names().get()).contains(topic);
        }
    }

    @Test
    void givesEachTestADatabaseOfItsOwn() throws Exception {
        TestDatabase first = TestStack.createDatabase();
        TestDatabase second = TestStack.createDatabase();
        execute(first, "CREATE TABLE mine (id INT PRIMARY KEY)");
        execute(first, "INSERT INTO mine VALUES (1)");
        assertThatThrownBy(() -> execute(second, "INSERT INTO mine VALUES (1)")).isInstanceOf(SQLException.class);
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

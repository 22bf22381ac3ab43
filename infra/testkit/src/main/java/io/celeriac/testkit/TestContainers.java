package io.celeriac.testkit;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.mariadb.MariaDBContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The same broker and database in containers, with the broker's settings as {@code KafkaNodeSettings} has them. */
final class TestContainers {

    private static final String PASSWORD = "celeriac";
    private static final String PARAMETERS = "?allowPublicKeyRetrieval=true&sslMode=DISABLED";
    private static final int MYSQL_PORT = 3306; // of both
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private TestContainers() {}

    @SuppressWarnings("resource") // the caller stops it
    static KafkaContainer kafka() {
        var kafka = new KafkaContainer(image("kafka.image", "apache/kafka:4.3.1", "apache/kafka"))
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "5")
                .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "5");
        kafka.start();
        return kafka;
    }

    /** The server that the system property {@code database} names: {@code mariadb} (the default) or {@code mysql}. */
    static JdbcDatabaseContainer<?> database() {
        String database = System.getProperty("database", "mariadb").toLowerCase(Locale.ROOT);
        JdbcDatabaseContainer<?> server = switch (database) {
            case "mariadb" -> new MariaDBContainer(image("mariadb.image", "mariadb:11.4", "mariadb"));
            case "mysql" -> new MySQLContainer(image("mysql.image", "mysql:8.4", "mysql"));
            default -> throw new IllegalArgumentException("database must be mariadb or mysql, is " + database);
        };
        server.withUsername("root").withPassword(PASSWORD).start();
        return server;
    }

    static TestDatabase createDatabase(JdbcDatabaseContainer<?> server) {
        String address = "jdbc:mysql://" + server.getHost() + ":" + server.getMappedPort(MYSQL_PORT) + "/";
        return TestDatabase.create(
                address + PARAMETERS,
                "test_" + DATABASES.incrementAndGet(),
                name -> address + name + PARAMETERS,
                "root",
                PASSWORD);
    }

    private static DockerImageName image(String property, String byDefault, String substitutes) {
        return DockerImageName.parse(System.getProperty(property, byDefault)).asCompatibleSubstituteFor(substitutes);
    }
}

package io.celeriac.testkit;

import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.mysql.MySQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The same broker and database in containers, with the broker's settings as {@code KafkaNodeSettings} has them. */
final class TestContainers {

    private static final String PASSWORD = "celeriac";
    private static final String PARAMETERS = "?allowPublicKeyRetrieval=true&sslMode=DISABLED";
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

    @SuppressWarnings("resource") // the caller stops it
    static MySQLContainer mysql() {
        var mysql = new MySQLContainer(image("mysql.image", "mysql:8.4", "mysql"))
                .withUsername("root")
                .withPassword(PASSWORD);
        mysql.start();
        return mysql;
    }

    static TestDatabase createDatabase(MySQLContainer mysql) {
        String server = "jdbc:mysql://" + mysql.getHost() + ":" + mysql.getMappedPort(MySQLContainer.MYSQL_PORT) + "/";
        return TestDatabase.create(
                server + PARAMETERS,
                "test_" + DATABASES.incrementAndGet(),
                name -> server + name + PARAMETERS,
                "root",
                PASSWORD);
    }

    private static DockerImageName image(String property, String byDefault, String substitutes) {
        return DockerImageName.parse(System.getProperty(property, byDefault)).asCompatibleSubstituteFor(substitutes);
    }
}

package io.celeriac.e2e;

import static org.awaitility.Awaitility.await;

import io.celeriac.e2e.Http.Answer;
import io.celeriac.embedded.FreePorts;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Gateway, worker and scheduler as processes, on the run's broker and a database that can be taken away. */
final class Installation implements AutoCloseable {

    private final String namespace = TestStack.uniqueName("e2e");
    private final String bootstrapServers = TestStack.kafka().bootstrapServers();
    private final DatabaseServer databaseServer = DatabaseServer.launch();
    private final TestDatabase database = databaseServer.createDatabase();
    private final Path directory;
    private final List<Program> programs = new ArrayList<>();
    private final Program gateway;
    private final Program worker;

    Installation(Path directory) {
        this.directory = directory;
        gateway = start("producer/gateway");
        worker = start(
                "processor/worker", "--celeriac.demo.output=" + output(), "--celeriac.worker.session-timeout=PT6S");
        start("scheduler/beat");
        programs.forEach(Program::awaitHealthy);
    }

    private Program start(String module, String... settings) {
        var environment = Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                "SPRING_DATASOURCE_URL", database.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME", database.username(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "CELERIAC_NAMESPACE", namespace);
        var program = Program.start(module, FreePorts.pick(), environment, directory, settings);
        programs.add(program);
        return program;
    }

    String api(String path) {
        return gateway.url("/api" + path);
    }

    Answer submit(String json) {
        return Http.post(api("/tasks"), json);
    }

    /** Waits until the row of a task has a state. */
    void awaitRow(String id, String state) {
        await("row " + id + " is " + state).atMost(Duration.ofSeconds(40)).until(() -> {
            var rows = rows("SELECT state FROM task_result WHERE id = ?", id);
            return !rows.isEmpty() && state.equals(rows.get(0).get("state"));
        });
    }

    Program worker() {
        return worker;
    }

    DatabaseServer databaseServer() {
        return databaseServer;
    }

    /** The file of {@code demo.timing}. */
    Path output() {
        return directory.resolve("output.txt");
    }

    /** A row as the user's own SQL sees it; empty when there is none. */
    List<Map<String, Object>> rows(String sql, String parameter) {
        try (var connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (var result = statement.executeQuery()) {
                var rows = new ArrayList<Map<String, Object>>();
                var columns = result.getMetaData();
                while (result.next()) {
                    var row = new HashMap<String, Object>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        row.put(columns.getColumnLabel(i), result.getObject(i));
                    }
                    rows.add(row);
                }
                return rows;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** What the results topic has of a task. */
    List<String> resultRecords(String id) {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(namespace + ".results").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new ArrayList<String>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().equals(id)) {
                        records.add(record.value());
                    }
                }
            }
            return records;
        }
    }

    /** A line as {@code kafka-console-producer} sends it: no key, no headers. */
    void typeIntoTopic(String line) {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrapServers, "acks", "all");
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(namespace + ".tasks.default", line));
        }
    }

    @Override
    public void close() {
        programs.forEach(Program::close);
        databaseServer.close();
    }
}

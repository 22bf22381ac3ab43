package io.celeriac.e2e;

import static org.awaitility.Awaitility.await;

import io.celeriac.e2e.Http.Answer;
import io.celeriac.embedded.FreePorts;
import io.celeriac.testkit.DatabaseServer;
import io.celeriac.testkit.TestDatabase;
import io.celeriac.testkit.TestStack;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Gateway, worker and scheduler as processes, on the run's broker and a database that can be taken away. */
final class Installation implements AutoCloseable {

    private static final List<String> OPEN = List.of("--celeriac.access.enabled=false");

    private final String namespace = TestStack.uniqueName("e2e");
    private final String bootstrapServers = TestStack.kafka().bootstrapServers();
    private final DatabaseServer databaseServer = DatabaseServer.launch();
    private final TestDatabase database = databaseServer.createDatabase();
    private final Path directory;
    private final List<Program> programs = new ArrayList<>();
    private final Program gateway;
    private final Program worker;
    private final Program scheduler;

    private Installation(Path directory, List<String> workerSettings) {
        this.directory = directory;
        gateway = anotherGateway();
        worker = start(
                "processor/worker",
                Stream.concat(OPEN.stream(), workerSettings.stream()).toList());
        scheduler = start("scheduler/beat", OPEN);
    }

    /** The same programs, of which the gateway asks for credentials. */
    private Installation(Path directory, String... gatewaySettings) {
        this.directory = directory;
        gateway = start("producer/gateway", List.of(gatewaySettings));
        worker = start("processor/worker", OPEN);
        scheduler = start("scheduler/beat", OPEN);
    }

    /** Starts the three programs as in production: the gateway asks for credentials. */
    static Installation secured(Path directory, String... gatewaySettings) {
        return new Installation(directory, gatewaySettings).awaitHealthy();
    }

    /** Starts the three programs, and waits until they are ready. */
    static Installation start(Path directory, String... workerSettings) {
        return begin(directory, workerSettings).awaitHealthy();
    }

    /** Starts the three programs; more can be started beside them before {@link #awaitHealthy}. */
    static Installation begin(Path directory, String... workerSettings) {
        var settings = new ArrayList<>(List.of("--celeriac.worker.session-timeout=PT6S"));
        settings.add("--celeriac.demo.output=" + directory.resolve("output.txt"));
        settings.addAll(List.of(workerSettings));
        return new Installation(directory, settings);
    }

    /** Waits until every program is ready; when one does not become so, ends them all. */
    Installation awaitHealthy() {
        try {
            programs.forEach(Program::awaitHealthy);
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Starts a user's own program, which ends with the others. */
    Installation with(Class<?> main, String... settings) {
        var all = new ArrayList<>(List.of("--spring.kafka.bootstrap-servers=" + bootstrapServers));
        all.addAll(List.of(settings));
        programs.add(Program.start(main, FreePorts.pick(), environment(), directory, all.toArray(String[]::new)));
        return this;
    }

    /** Starts a gateway without access control, which ends with the other programs. */
    Program anotherGateway() {
        return start(
                "producer/gateway",
                Stream.concat(OPEN.stream(), Stream.of("--celeriac.actions.lease=PT10S"))
                        .toList());
    }

    /** Starts another worker, which ends with the other programs. */
    Program anotherWorker(String... settings) {
        return start(
                "processor/worker",
                Stream.concat(OPEN.stream(), Stream.of(settings)).toList());
    }

    private Program start(String module, List<String> settings) {
        var program =
                Program.start(module, FreePorts.pick(), environment(), directory, settings.toArray(String[]::new));
        programs.add(program);
        return program;
    }

    /** What programs and commands need to know of this installation. */
    Map<String, String> environment() {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", bootstrapServers,
                "SPRING_DATASOURCE_URL", database.jdbcUrl(),
                "SPRING_DATASOURCE_USERNAME", database.username(),
                "SPRING_DATASOURCE_PASSWORD", database.password(),
                "CELERIAC_NAMESPACE", namespace);
    }

    String api(String path) {
        return gateway.url("/api" + path);
    }

    /** The address of a page of the console. */
    String page(String path) {
        return gateway.url(path);
    }

    int gatewayPort() {
        return gateway.port();
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

    Program gateway() {
        return gateway;
    }

    Program worker() {
        return worker;
    }

    Program scheduler() {
        return scheduler;
    }

    DatabaseServer databaseServer() {
        return databaseServer;
    }

    /** The file of {@code demo.timing}. */
    Path output() {
        return directory.resolve("output.txt");
    }

    /** The rows as the user's own SQL sees them; empty when there are none. */
    List<Map<String, Object>> rows(String sql, Object... parameters) {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
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

    /** A statement of the user's own. */
    void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }

    /** What the results topic has of a task. */
    List<String> resultRecords(String id) {
        return resultRecords().getOrDefault(id, List.of());
    }

    /** What the results topic has, by task id. */
    Map<String, List<String>> resultRecords() {
        var config = Map.<String, Object>of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(namespace + ".results").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var records = new HashMap<String, List<String>>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    records.computeIfAbsent(record.key(), id -> new ArrayList<>())
                            .add(record.value());
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

package io.celeriac.testkit;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * The broker and the database of this test run: one of each in a JVM, started when first asked for, ended with the JVM.
 *
 * <p>The system property {@code stack} says what they are: {@code processes} (the default) a Kafka node and a MariaDB as
 * child processes; {@code containers} apache/kafka and mariadb by Testcontainers, or mysql with {@code database=mysql}, other
 * images by {@code kafka.image}, {@code mariadb.image} and {@code mysql.image}; {@code auto} containers where a Docker engine answers, else processes.
 */
public final class TestStack {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Lazy<Kafka> KAFKA = new Lazy<>(TestStack::startKafka);
    private static final Lazy<Supplier<TestDatabase>> DATABASES = new Lazy<>(TestStack::startDatabase);
    private static final Lazy<TestDatabase> SHARED_DATABASE = new Lazy<>(TestStack::createDatabase);

    private TestStack() {}

    /** @param bootstrapServers what a client needs to find the broker; topics are not created by themselves */
    public record Kafka(String bootstrapServers) {}

    /** The broker, the same for every test. */
    public static Kafka kafka() {
        return KAFKA.get();
    }

    /** A database that all tests of this JVM share; most want {@link #createDatabase()}. */
    public static TestDatabase database() {
        return SHARED_DATABASE.get();
    }

    /** A new, empty database on the one server. */
    public static TestDatabase createDatabase() {
        return DATABASES.get().get();
    }

    /** A name for a topic, group or application that no other test of this run has, as in {@code orders-3}. */
    public static String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    private static boolean inContainers() {
        String stack = System.getProperty("stack", "processes").toLowerCase(Locale.ROOT);
        return switch (stack) {
            case "processes" -> false;
            case "containers" -> true;
            case "auto" -> DockerClientFactory.instance().isDockerAvailable();
            default -> throw new IllegalArgumentException("stack must be processes, containers or auto, is " + stack);
        };
    }

    /** Ends a server with this JVM. When the JVM is killed, the server's own watch does. */
    private static <T extends AutoCloseable> T endWithThisJvm(String name, T server) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                server.close();
                            } catch (Exception e) {
                                throw new IllegalStateException(name + " does not stop", e);
                            }
                        },
                        "stop-" + name));
        return server;
    }

    private static Kafka startKafka() {
        return new Kafka(
                inContainers()
                        ? endWithThisJvm("kafka", TestContainers.kafka()).getBootstrapServers()
                        : endWithThisJvm("kafka", KafkaCluster.start(1)).bootstrapServers());
    }

    private static Supplier<TestDatabase> startDatabase() {
        if (inContainers()) {
            var server = endWithThisJvm("database", TestContainers.database());
            return () -> TestContainers.createDatabase(server);
        }
        return endWithThisJvm("database", DatabaseServer.launch())::createDatabase;
    }

    /**
     * Made when first asked for. When that fails, the test that asked says why, and the next one tries again; a static
     * field would tell the reason to the first only, and fail all others.
     */
    private static final class Lazy<T> {

        private final Supplier<T> start;
        private @Nullable T value;

        Lazy(Supplier<T> start) {
            this.start = start;
        }

        synchronized T get() {
            T made = value != null ? value : start.get();
            value = made;
            return made;
        }
    }
}

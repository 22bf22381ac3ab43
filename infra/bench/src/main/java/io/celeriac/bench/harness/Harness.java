package io.celeriac.bench.harness;

import io.celeriac.embedded.ChildProcess;
import io.celeriac.embedded.Directories;
import io.celeriac.embedded.FreePorts;
import io.celeriac.embedded.KafkaNodeMain;
import io.celeriac.embedded.KafkaNodeSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * A broker of its own in a temporary directory, and the programs that are measured against it. Ends what it has started,
 * and nothing else, when it is closed or when this JVM ends; a child whose harness was killed notices and ends by itself.
 */
public final class Harness implements AutoCloseable {

    private final Path directory;
    private final List<String> jvmOptions;
    private final List<Program> programs = new CopyOnWriteArrayList<>();
    private final List<Database> databases = new CopyOnWriteArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Thread hook = new Thread(this::end, "end-benchmark");
    private final KafkaNodeSettings broker;
    private final Program brokerProgram;
    private final Admin admin;

    private Harness(Path directory, List<String> jvmOptions, Map<String, String> brokerProperties) throws IOException {
        this.directory = directory;
        this.jvmOptions = List.copyOf(jvmOptions);
        Runtime.getRuntime().addShutdownHook(hook);
        var ports = FreePorts.pick(2);
        broker = KafkaNodeSettings.single(directory.resolve("kafka"), ports.get(0), ports.get(1));
        brokerProgram = startBroker(brokerProperties);
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    /**
     * Starts the broker and waits until it takes requests.
     *
     * @param jvmOptions of broker and programs
     */
    public static Harness start(List<String> jvmOptions) {
        return start(jvmOptions, Map.of());
    }

    /**
     * As {@link #start(List)}.
     *
     * @param brokerProperties beside and in place of those that a broker for development has
     */
    public static Harness start(List<String> jvmOptions, Map<String, String> brokerProperties) {
        try {
            return new Harness(Files.createTempDirectory("celeriac-bench-"), jvmOptions, brokerProperties);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a temporary directory", e);
        }
    }

    private Program startBroker(Map<String, String> more) throws IOException {
        Files.createDirectories(broker.directory());
        var file = directory.resolve("kafka.properties");
        try (var out = Files.newBufferedWriter(file)) {
            var properties = broker.toProperties();
            properties.putAll(more);
            properties.store(out, null);
        }
        var logback = "-Dlogback.configurationFile=io/celeriac/embedded/kafka-node-logback.xml";
        var options = new ArrayList<>(jvmOptions);
        options.add(logback);
        var process = start("broker", null, options, KafkaNodeMain.class, List.of(file.toString()));
        KafkaNodeMain.awaitReady(process);
        return new Program(process, 0, null);
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    public Program broker() {
        return brokerProgram;
    }

    Admin admin() {
        return admin;
    }

    /** One that nobody has got yet. */
    int number() {
        return numbers.incrementAndGet();
    }

    /** Topics that nobody has used yet. */
    public Installation installation(String purpose, int partitions) {
        return new Installation(this, "bench." + number() + "." + purpose, partitions);
    }

    /**
     * Starts a database server, which ends with the harness.
     *
     * @param options of the server, such as {@code --innodb-buffer-pool-size=2G}
     */
    public Database startDatabase(List<String> options) {
        var database = Database.start(directory.resolve("database-" + number()), options);
        databases.add(database);
        return database;
    }

    /** A directory that is not there yet, for the state of a program. */
    public Path newDirectory() {
        return directory.resolve("state-" + number());
    }

    /** Starts a program on the JVM that runs the harness; call {@link Program#awaitReady} next. */
    public Program start(Class<?> main, List<String> arguments) {
        return start(null, main, arguments);
    }

    /**
     * As {@link #start(Class, List)}.
     *
     * @param javaHome of another JVM; null for this one
     */
    public Program start(@Nullable Path javaHome, Class<?> main, List<String> arguments) {
        var started = System.nanoTime();
        var gcLog = directory.resolve(main.getSimpleName() + "-" + number() + ".gc");
        var options = new ArrayList<>(jvmOptions);
        options.add("-Xlog:gc:file=" + gcLog);
        return new Program(start(main.getSimpleName(), javaHome, options, main, arguments), started, gcLog);
    }

    /**
     * Starts a program that is none of ours.
     *
     * @param command for the shell
     * @param environment beside that of this JVM
     */
    public Program start(String name, String command, Map<String, String> environment) {
        var started = System.nanoTime();
        var log = directory.resolve("peer-" + number() + ".log");
        var process = ChildProcess.start(name, List.of("sh", "-c", command), environment, log);
        var program = new Program(process, started, null);
        programs.add(program);
        return program;
    }

    private ChildProcess start(
            String name, @Nullable Path javaHome, List<String> options, Class<?> main, List<String> arguments) {
        var home = javaHome == null ? Path.of(System.getProperty("java.home")) : javaHome;
        var command = new ArrayList<String>();
        command.add(home.resolve("bin").resolve("java").toString());
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        var log = directory.resolve(name + "-" + number() + ".log");
        var process = ChildProcess.start(name, command, Map.of("CLASSPATH", classPath()), log);
        programs.add(new Program(process, 0, null));
        return process;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Override
    public void close() {
        admin.close();
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) { // it runs already, and has waited for us
            return;
        }
    }

    private synchronized void end() {
        programs.forEach(Program::kill);
        databases.forEach(Database::kill);
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}

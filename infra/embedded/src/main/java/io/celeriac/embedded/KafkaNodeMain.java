package io.celeriac.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/**
 * A Kafka node in a JVM of its own, for tests that kill it. Writes {@value #READY} when it takes requests, and ends on
 * SIGTERM or when its standard input closes, so that it never outlives the JVM which started it.
 */
public final class KafkaNodeMain {

    static final String READY = "KAFKA NODE READY";

    private static final Duration START_DEADLINE = Duration.ofSeconds(90);
    private static final List<String> SMALL_JVM = List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=io/celeriac/embedded/kafka-node-logback.xml");

    private KafkaNodeMain() {}

    /**
     * Starts a node in a child JVM of about 250 MB; call {@link #awaitReady} next. Its log and its settings lie beside
     * its directory.
     */
    public static ChildProcess start(KafkaNodeSettings settings) {
        String name = "Kafka node " + settings.id();
        FreePorts.requireFree(name, settings.brokerPort());
        FreePorts.requireFree(name, settings.controllerPort());
        Path directory = settings.directory();
        Path file = directory.resolveSibling(directory.getFileName() + ".properties");
        try {
            Files.createDirectories(directory);
            try (var out = Files.newBufferedWriter(file)) {
                settings.toProperties().store(out, null);
            }
        } catch (IOException e) {
            throw new ServerStartException(name + ": cannot write " + file, e);
        }
        Path log = directory.resolveSibling(directory.getFileName() + ".log");
        return ChildProcess.startJava(name, SMALL_JVM, KafkaNodeMain.class, List.of(file.toString()), log);
    }

    /** Waits until a node takes requests: 5 s for one, 16 to 21 s for three at once on two cores. */
    public static void awaitReady(ChildProcess node) {
        node.awaitLog(READY, START_DEADLINE);
    }

    /** The child's side; the argument is the file with the node's settings. */
    public static void main(String[] args) throws IOException {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of(args[0]))) {
            properties.load(in);
        }
        endWithParent();
        KafkaNode node = KafkaNode.start(properties, "");
        Runtime.getRuntime().addShutdownHook(new Thread(node::close, "stop-kafka"));
        System.out.println(READY);
        node.awaitEnd();
    }

    private static void endWithParent() {
        var watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        throw new UncheckedIOException("standard input failed", e);
                    } finally {
                        Runtime.getRuntime().exit(0);
                    }
                },
                "end-with-parent");
        watch.setDaemon(true);
        watch.start();
    }
}

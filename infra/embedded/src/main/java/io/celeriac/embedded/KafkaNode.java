package io.celeriac.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka node, broker and controller in one, in this JVM, on a directory that outlives it. Topics, records and
 * committed offsets are there again at the next start. A fault that Kafka holds to be fatal, such as a full disk, ends
 * the JVM.
 */
public final class KafkaNode implements AutoCloseable {

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final String bootstrapServers;

    private KafkaNode(KafkaRaftServer server, DirectoryLock lock, String bootstrapServers) {
        this.server = server;
        this.lock = lock;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Formats the directory when it is new, starts the node and waits until it takes requests: about 5 s. In a cluster
     * it waits for a majority of the nodes.
     *
     * @throws ServerStartException when a port is taken, the directory is in use or belongs to another node or cluster,
     *     or there is no majority after 60 s
     */
    public static KafkaNode start(KafkaNodeSettings settings) {
        FreePorts.requireFree("Kafka node " + settings.id(), settings.brokerPort());
        FreePorts.requireFree("Kafka node " + settings.id(), settings.controllerPort());
        return start(settings.toProperties(), settings.bootstrapServers());
    }

    static KafkaNode start(Properties properties, String bootstrapServers) {
        Path directory = Path.of(properties.getProperty("log.dirs"));
        String name = "Kafka node " + properties.getProperty("node.id") + " on " + directory;
        try {
            DirectoryLock lock = DirectoryLock.take(name, directory);
            try {
                return new KafkaNode(startServer(name, properties, directory), lock, bootstrapServers);
            } catch (ServerStartException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ServerStartException(name + ": cannot write", e);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // Kafka is Scala: it throws checked exceptions that it does not declare
    private static KafkaRaftServer startServer(String name, Properties properties, Path directory) {
        KafkaRaftServer server;
        try {
            format(properties, directory);
            server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        } catch (Exception e) {
            throw new ServerStartException(name + ": " + e.getMessage(), e);
        }
        try {
            server.startup();
            return server;
        } catch (Exception e) {
            server.shutdown();
            throw new ServerStartException(name + ": " + e.getMessage(), e);
        }
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Returns when the node has ended, by {@link #close()} or because it failed. */
    void awaitEnd() {
        server.awaitShutdown();
    }

    /** Stops the node in order: about 1 s. This is no crash; for one, kill a child JVM. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the lock of a Kafka node", e);
        }
    }

    private static void format(Properties properties, Path directory) throws Exception {
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(Integer.parseInt(properties.getProperty("node.id")))
                .setClusterId(clusterId(properties, directory))
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setUnstableFeatureVersionsEnabled(false)
                .setIgnoreFormatted(true)
                .setHasDynamicQuorum(false)
                .run();
    }

    private static String clusterId(Properties properties, Path directory) {
        String given = properties.getProperty(KafkaNodeSettings.CLUSTER_ID);
        if (given != null) {
            return given;
        }
        Path formatted = directory.resolve("meta.properties");
        if (!Files.exists(formatted)) {
            return Uuid.randomUuid().toString();
        }
        var meta = new Properties();
        try (var in = Files.newBufferedReader(formatted)) {
            meta.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + formatted, e);
        }
        return meta.getProperty("cluster.id");
    }
}

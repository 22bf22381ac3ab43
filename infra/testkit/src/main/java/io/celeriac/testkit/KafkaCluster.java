package io.celeriac.testkit;

import io.celeriac.embedded.ChildProcess;
import io.celeriac.embedded.FreePorts;
import io.celeriac.embedded.KafkaNodeMain;
import io.celeriac.embedded.KafkaNodeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka cluster that a test has for itself, each node a JVM of its own, so that one can be killed for real: always
 * processes, whatever the setting {@code stack}. Nodes are numbered from 1. With three nodes, topics have three
 * replicas of which two must be in sync, so one node may go at a time. Not for several threads at once.
 */
public final class KafkaCluster implements AutoCloseable {

    private static final Duration STOP_GRACE = Duration.ofSeconds(20);

    private final List<KafkaNodeSettings> settings;
    private final List<ChildProcess> nodes = new ArrayList<>();

    private KafkaCluster(List<KafkaNodeSettings> settings) {
        this.settings = settings;
    }

    /** Starts a cluster and waits until every node takes requests: one in 5 s, three in 16 to 21 s on two cores. */
    public static KafkaCluster start(int size) {
        return start(size, Map.of());
    }

    /** The same, with some of Kafka's own settings changed on every node. */
    public static KafkaCluster start(int size, Map<String, String> overrides) {
        List<Integer> ports = FreePorts.pick(2 * size);
        Path home = TestDirectory.create("kafka");
        String clusterId = Uuid.randomUuid().toString();
        var settings = new ArrayList<KafkaNodeSettings>();
        for (int id = 1; id <= size; id++) {
            settings.add(new KafkaNodeSettings(
                    id,
                    ports.subList(0, size),
                    ports.subList(size, 2 * size),
                    home.resolve("node-" + id),
                    clusterId,
                    overrides));
        }
        var cluster = new KafkaCluster(List.copyOf(settings));
        try {
            settings.forEach(node -> cluster.nodes.add(KafkaNodeMain.start(node)));
            cluster.nodes.forEach(KafkaNodeMain::awaitReady);
            return cluster;
        } catch (RuntimeException e) {
            cluster.nodes.forEach(ChildProcess::kill);
            throw e;
        }
    }

    /** All nodes, those that are down too. */
    public String bootstrapServers() {
        return settings.get(0).bootstrapServers();
    }

    public int size() {
        return settings.size();
    }

    /** Ends a node as a crash would (SIGKILL). The others notice within 9 s. */
    public void kill(int node) {
        nodes.get(node - 1).kill();
    }

    /** Stops a node in order (SIGTERM): it hands over its partitions first. */
    public void stop(int node) {
        nodes.get(node - 1).stop(STOP_GRACE);
    }

    /** Starts a node again after {@link #kill} or {@link #stop}, and waits until it takes requests: 6 to 9 s. */
    public void restart(int node) {
        if (nodes.get(node - 1).isAlive()) {
            throw new IllegalStateException("Kafka node " + node + " runs already");
        }
        ChildProcess process = KafkaNodeMain.start(settings.get(node - 1));
        nodes.set(node - 1, process);
        KafkaNodeMain.awaitReady(process);
    }

    /** Its data is of no more use to anybody, so it goes the quick way. */
    @Override
    public void close() {
        nodes.forEach(ChildProcess::kill);
    }
}

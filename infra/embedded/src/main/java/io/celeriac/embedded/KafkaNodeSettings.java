package io.celeriac.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One node of a KRaft cluster whose nodes are all broker and controller.
 *
 * @param id number of this node, from 1
 * @param brokerPorts the clients' port of every node, in the order of their ids
 * @param controllerPorts the controllers' port of every node, in the order of their ids
 * @param directory where this node keeps its log; made and formatted when it is not there yet
 * @param clusterId the same for all nodes; null: the one the directory was formatted with, else a new one
 * @param overrides Kafka's own settings, put over ours
 */
public record KafkaNodeSettings(
        int id,
        List<Integer> brokerPorts,
        List<Integer> controllerPorts,
        Path directory,
        @Nullable String clusterId,
        Map<String, String> overrides) {

    public KafkaNodeSettings {
        brokerPorts = List.copyOf(brokerPorts);
        controllerPorts = List.copyOf(controllerPorts);
        directory = directory.toAbsolutePath().normalize();
        overrides = Map.copyOf(overrides);
        if (brokerPorts.size() != controllerPorts.size()) {
            throw new IllegalArgumentException(
                    "brokerPorts and controllerPorts must be as many: " + brokerPorts + ", " + controllerPorts);
        }
        if (id < 1 || id > brokerPorts.size()) {
            throw new IllegalArgumentException("id must be in 1.." + brokerPorts.size() + ", is " + id);
        }
    }

    /** A cluster of one node. */
    public static KafkaNodeSettings single(Path directory, int brokerPort, int controllerPort) {
        return new KafkaNodeSettings(1, List.of(brokerPort), List.of(controllerPort), directory, null, Map.of());
    }

    /** The same, with one of Kafka's own settings changed. */
    public KafkaNodeSettings with(String property, String value) {
        var more = new HashMap<>(overrides);
        more.put(property, value);
        return new KafkaNodeSettings(id, brokerPorts, controllerPorts, directory, clusterId, more);
    }

    /** What a client needs to find the whole cluster. */
    public String bootstrapServers() {
        return brokerPorts.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    int brokerPort() {
        return brokerPorts.get(id - 1);
    }

    int controllerPort() {
        return controllerPorts.get(id - 1);
    }

    /** Kafka's settings. Replication is that of a cluster of this size, the internal topics are small. */
    public Properties toProperties() {
        String replicas = String.valueOf(Math.min(3, brokerPorts.size()));
        String inSync = String.valueOf(Math.max(1, Math.min(3, brokerPorts.size()) - 1));
        var p = new Properties();
        p.setProperty("process.roles", "broker,controller");
        p.setProperty("node.id", String.valueOf(id));
        p.setProperty("controller.quorum.voters", voters());
        p.setProperty(
                "listeners", "PLAINTEXT://127.0.0.1:" + brokerPort() + ",CONTROLLER://127.0.0.1:" + controllerPort());
        p.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort());
        p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.setProperty("controller.listener.names", "CONTROLLER");
        p.setProperty("inter.broker.listener.name", "PLAINTEXT");
        p.setProperty("log.dirs", directory.toString());
        p.setProperty("auto.create.topics.enable", "false");
        p.setProperty("default.replication.factor", replicas);
        p.setProperty("min.insync.replicas", inSync);
        p.setProperty("offsets.topic.replication.factor", replicas);
        p.setProperty("offsets.topic.num.partitions", "5");
        p.setProperty("transaction.state.log.replication.factor", replicas);
        p.setProperty("transaction.state.log.min.isr", inSync);
        p.setProperty("transaction.state.log.num.partitions", "5");
        p.setProperty("share.coordinator.state.topic.replication.factor", replicas);
        p.setProperty("share.coordinator.state.topic.min.isr", inSync);
        p.setProperty("share.coordinator.state.topic.num.partitions", "5");
        p.setProperty("group.initial.rebalance.delay.ms", "0");
        p.setProperty("log.cleaner.dedupe.buffer.size", "16777216");
        p.setProperty("log.index.size.max.bytes", "1048576");
        p.setProperty("server.max.startup.time.ms", "60000");
        if (clusterId != null) {
            p.setProperty(CLUSTER_ID, clusterId);
        }
        p.putAll(overrides);
        return p;
    }

    /** Carries {@link #clusterId} to a child JVM; Kafka itself does not know it. */
    static final String CLUSTER_ID = "celeriac.cluster.id";

    private String voters() {
        return IntStream.range(0, controllerPorts.size())
                .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllerPorts.get(i))
                .collect(Collectors.joining(","));
    }
}

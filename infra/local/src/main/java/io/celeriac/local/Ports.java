package io.celeriac.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Says which port is taken, and which option chooses another, before a server fails on it with words of its own. */
final class Ports {

    private Ports() {}

    static void requireFree(LocalSettings settings) {
        requireDifferent(settings);
        requireFree(settings.port(), "the API", "--port");
        requireFree(settings.workerPort(), "the worker's health", "--port");
        requireFree(settings.schedulerPort(), "the scheduler's health", "--port");
        if (settings.ownKafka()) {
            requireFree(settings.kafkaPort(), "the broker", "--kafka-port");
        }
        if (settings.ownDatabase()) {
            requireFree(settings.dbPort(), "the database", "--db-port");
        }
    }

    private static void requireDifferent(LocalSettings settings) {
        var ports = new ArrayList<>(List.of(settings.port(), settings.workerPort(), settings.schedulerPort()));
        if (settings.ownKafka()) {
            ports.add(settings.kafkaPort());
        }
        if (settings.ownDatabase()) {
            ports.add(settings.dbPort());
        }
        if (Set.copyOf(ports).size() < ports.size()) {
            throw new LocalStartException("--port takes three ports, " + settings.port() + " to "
                    + settings.schedulerPort() + "; --kafka-port and --db-port must be others, and not the same");
        }
    }

    private static void requireFree(int port, String use, String option) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException | IllegalArgumentException e) {
            throw new LocalStartException(
                    "port " + port + " for " + use + " is taken or not allowed: choose another with " + option, e);
        }
    }
}

package io.celeriac.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Says which port is taken, and which option chooses another, before a server fails on it with words of its own. */
final class Ports {

    private Ports() {}

    static void requireFree(LocalSettings settings) {
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

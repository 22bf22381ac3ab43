package io.celeriac.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports on 127.0.0.1 that nobody listens on. All are held before any is let go: picked one by one, two servers get the
 * same port now and then, and the second hangs without a word.
 *
 * <p>They lie below the ports that systems give to outgoing connections. Out of that range, a client that keeps trying
 * a server which is down for a while ends up connected to itself, and the server cannot come back.
 */
public final class FreePorts {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 29_999;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** A free port, let go again, so that a server can take it. */
    public static int pick() {
        return pick(1).get(0);
    }

    /** As many different free ports. */
    public static List<Integer> pick(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                if (tries == count * TRIES) {
                    throw new IllegalStateException(
                            "cannot find " + count + " free ports in " + LOWEST + ".." + HIGHEST + " on 127.0.0.1");
                }
                hold(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1)).ifPresent(held::add);
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePorts::release);
        }
    }

    private static Optional<ServerSocket> hold(int port) {
        try {
            return Optional.of(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
        } catch (IOException taken) {
            return Optional.empty();
        }
    }

    /** Throws when somebody listens on this port, so that the message names it before a server fails on it. */
    static void requireFree(String server, int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
        } catch (IOException e) {
            throw new ServerStartException(server + ": port " + port + " on 127.0.0.1 is taken", e);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release port " + socket.getLocalPort(), e);
        }
    }
}

package io.celeriac.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports on 127.0.0.1 that nobody listens on. All are held before any is let go: picked one by one, the system hands
 * out the same port twice now and then, and the second server hangs without a word.
 */
public final class FreePorts {

    private FreePorts() {}

    /** A free port, let go again, so that a server can take it. */
    public static int pick() {
        return pick(1).get(0);
    }

    /** As many different free ports. */
    public static List<Integer> pick(int count) {
        var held = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find " + count + " free ports on 127.0.0.1", e);
        } finally {
            held.forEach(FreePorts::release);
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

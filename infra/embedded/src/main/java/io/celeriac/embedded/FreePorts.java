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
 * <p>A server takes its port seconds after it was picked, and other JVMs pick too. So each JVM has a block of ports for itself: it
 * listens on the first of them for as long as it lives, and picks from the others, one after the other.
 *
 * <p>They lie below the ports that systems give to outgoing connections. Out of that range, a client that keeps trying
 * a server which is down for a while ends up connected to itself, and the server cannot come back.
 */
public final class FreePorts {

    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 29_999;
    private static final int BLOCK = 100;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** A free port, let go again, so that a server can take it. */
    public static int pick() {
        return pick(1).get(0);
    }

    /** As many different free ports. */
    public static List<Integer> pick(int count) {
        if (count >= BLOCK) {
            throw new IllegalArgumentException("at most " + (BLOCK - 1) + " ports, not " + count);
        }
        var held = new ArrayList<ServerSocket>();
        try {
            for (int tries = 0; held.size() < count; tries++) {
                if (tries == TRIES) {
                    throw new IllegalStateException("cannot find " + count + " free ports in " + Own.BLOCK.first + ".."
                            + (Own.BLOCK.first + BLOCK - 1) + " on 127.0.0.1");
                }
                hold(Own.BLOCK.next()).ifPresent(held::add);
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

    /** The block of this JVM, taken when it first needs one. */
    private static final class Own {

        static final Own BLOCK = take();

        final int first;
        private int last;

        /** Keeps the block as long as it is reachable and open: as long as this JVM lives. */
        @SuppressWarnings("unused")
        private final ServerSocket lease;

        private Own(ServerSocket lease) {
            this.lease = lease;
            this.first = lease.getLocalPort();
        }

        private static Own take() {
            int blocks = (HIGHEST + 1 - LOWEST) / FreePorts.BLOCK;
            int begin = ThreadLocalRandom.current().nextInt(blocks);
            for (int i = 0; i < blocks; i++) {
                var lease = hold(LOWEST + (begin + i) % blocks * FreePorts.BLOCK);
                if (lease.isPresent()) {
                    return new Own(lease.get());
                }
            }
            throw new IllegalStateException(
                    "other programs have the first port of each block in " + LOWEST + ".." + HIGHEST);
        }

        /** Round the block, so that a port that was let go is picked again as late as can be. */
        synchronized int next() {
            last = last % (FreePorts.BLOCK - 1) + 1;
            return first + last;
        }
    }
}

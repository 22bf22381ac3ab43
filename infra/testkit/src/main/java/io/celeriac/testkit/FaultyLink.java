package io.celeriac.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network link to a server of this machine that a test makes slow, or cuts. Any thread may do so at any time.
 *
 * <p>With a delay, each request of a client reaches the server that much later: for a database, each statement.
 */
public final class FaultyLink implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final ServerSocket entrance;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;

    private FaultyLink(ServerSocket entrance, int target) {
        this.entrance = entrance;
        this.target = target;
    }

    /** A link to a port of 127.0.0.1. */
    public static FaultyLink to(int port) {
        try {
            var link = new FaultyLink(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            daemon(link::accept);
            return link;
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a link to " + port, e);
        }
    }

    /** Where clients connect, on 127.0.0.1. */
    public int port() {
        return entrance.getLocalPort();
    }

    public void delay(Duration eachRequest) {
        delay = eachRequest;
    }

    /** Breaks the connections that there are; new ones are taken. Returns how many there were. */
    public int cut() {
        var broken = 0;
        for (var socket : open) {
            broken += close(socket) ? 1 : 0;
        }
        return broken / 2; // each has two ends
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the link to " + target, e);
        }
        cut();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                connect(entrance.accept());
            } catch (IOException e) {
                if (!entrance.isClosed()) {
                    throw new UncheckedIOException("the link to " + target + " fails", e);
                }
            }
        }
    }

    @SuppressWarnings("resource") // cut() closes it
    private void connect(Socket client) {
        try {
            client.setTcpNoDelay(true);
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            daemon(() -> pump(client, server, true));
            daemon(() -> pump(server, client, false));
        } catch (IOException e) { // the server is away: so is the link
            close(client);
        }
    }

    private void pump(Socket from, Socket to, boolean delayed) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[BUFFER];
            for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                if (delayed && !delay.isZero()) {
                    Thread.sleep(delay.toMillis());
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) { // one end has gone, so the other goes too
            close(to);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static boolean close(Socket socket) {
        try {
            var wasOpen = !socket.isClosed();
            socket.close();
            return wasOpen;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + socket, e);
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "faulty-link");
        thread.setDaemon(true);
        thread.start();
    }
}

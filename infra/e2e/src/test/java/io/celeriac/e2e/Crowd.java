package io.celeriac.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Many connections, each with one request whose answer nobody reads until it is asked for. */
final class Crowd implements AutoCloseable {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int ANSWER_MILLIS = 20_000;

    private final int port;
    private final List<Socket> sockets = new ArrayList<>();
    private int turnedAway;

    Crowd(int port) {
        this.port = port;
    }

    /** One more, that sends this and no more. */
    void join(String request) {
        try {
            var socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.getOutputStream().write(request.getBytes(UTF_8));
            sockets.add(socket);
        } catch (IOException e) {
            turnedAway++;
        }
    }

    /** How often each status was answered; 0 for connections that ended without. Waits for those that have no answer yet. */
    Map<Integer, Integer> answers() {
        var answers = new TreeMap<Integer, Integer>();
        for (var socket : sockets) {
            answers.merge(status(socket), 1, Integer::sum);
        }
        answers.merge(0, turnedAway, Integer::sum);
        return answers;
    }

    /** Of one request on a connection of its own; 0 when there is no answer. */
    static int ask(int port, String head, byte[] body) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var out = socket.getOutputStream();
            out.write(head.getBytes(UTF_8));
            try {
                out.write(body);
                out.flush();
            } catch (IOException e) {
                return status(socket); // it was answered before it was read to its end
            }
            return status(socket);
        } catch (IOException e) {
            return 0;
        }
    }

    private static int status(Socket socket) {
        try {
            socket.setSoTimeout(ANSWER_MILLIS);
            var line = new String(socket.getInputStream().readNBytes(12), UTF_8);
            return line.length() < 12 ? 0 : Integer.parseInt(line.substring(9));
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        for (var socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                turnedAway++;
            }
        }
    }
}

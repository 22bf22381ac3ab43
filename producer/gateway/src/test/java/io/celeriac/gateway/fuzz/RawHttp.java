package io.celeriac.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;

/** Sends what no client library would, each request on a connection of its own. */
final class RawHttp {

    private static final int PATIENCE_MILLIS = 30_000;

    private final int port;

    /**
     * @param head in lower case
     * @param body empty for a stream of events, which has no end
     */
    record Answer(int status, String head, String body) {

        boolean isProblem() {
            return head.contains("content-type: application/problem+json");
        }
    }

    RawHttp(int port) {
        this.port = port;
    }

    /**
     * @param head the request line and the headers, in Latin-1, without the host
     */
    Answer send(String head, byte[] body) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var request = new ByteArrayOutputStream();
            request.writeBytes((head + "Host: localhost\r\nConnection: close\r\n"
                            + (body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n")
                    .getBytes(ISO_8859_1));
            request.writeBytes(body);
            socket.getOutputStream().write(request.toByteArray());
            socket.getOutputStream().flush();
            return answer(socket.getInputStream());
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("no answer, but " + head);
            }
            head.append((char) next);
        }
        var lower = head.toString().toLowerCase(Locale.ROOT);
        var body = lower.contains("text/event-stream") ? new byte[0] : in.readAllBytes();
        var whole = lower.contains("transfer-encoding: chunked") ? joined(body) : body;
        return new Answer(Integer.parseInt(head.substring(9, 12)), lower, new String(whole, UTF_8));
    }

    private static byte[] joined(byte[] chunks) {
        var whole = new ByteArrayOutputStream();
        var at = 0;
        while (at < chunks.length) {
            var line = new String(chunks, at, Math.min(10, chunks.length - at), ISO_8859_1);
            var digits = line.substring(0, line.indexOf('\r'));
            var size = Integer.parseInt(digits, 16);
            at += digits.length() + 2;
            whole.write(chunks, at, size);
            at += size + 2;
        }
        return whole.toByteArray();
    }
}

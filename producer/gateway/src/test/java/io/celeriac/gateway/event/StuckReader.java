package io.celeriac.gateway.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;

/** A client that asks for a stream and does not read it, until it is told to. */
final class StuckReader implements AutoCloseable {

    private static final int PATIENCE_MS = 30_000;

    private final Socket socket = new Socket();

    StuckReader(URI uri) throws IOException {
        socket.setReceiveBufferSize(64 << 10);
        socket.setSoTimeout(PATIENCE_MS);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
        socket.getOutputStream()
                .write(("GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .getBytes(UTF_8));
    }

    /** The body as far as it came: to its end, or to where the connection was cut. */
    String readAll() throws IOException {
        var body = new ByteArrayOutputStream();
        try {
            var in = socket.getInputStream();
            while (!line(in).isEmpty()) {} // the headers
            for (var size = size(in); size > 0; size = size(in)) {
                var chunk = in.readNBytes(size);
                body.writeBytes(chunk);
                if (chunk.length < size) {
                    break;
                }
                line(in);
            }
        } catch (EOFException | SocketException e) {
            return body.toString(UTF_8);
        }
        return body.toString(UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.write(next);
        }
        return line.toString(UTF_8).strip();
    }
}

package io.celeriac.resultsweb.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.contract.TaskJson;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;

/**
 * An event as bytes for the wire. It has two parts, since clients at different positions share the body.
 *
 * @param head the id line, or empty
 * @param body the rest, with the empty line that ends it
 * @param isStateChange true for a change of a task, false for an event about the stream itself
 */
record Frame(byte[] head, byte[] body, boolean isStateChange) {

    private static final byte[] NO_HEAD = {};

    /** Tells the client to come back two seconds after a stream ended. */
    static final Frame RETRY = new Frame(NO_HEAD, "retry: 2000\n\n".getBytes(UTF_8), false);

    /** A comment that shows each side that the other is there. */
    static final Frame HEARTBEAT = new Frame(NO_HEAD, ":\n\n".getBytes(UTF_8), false);

    static Frame stateChange(Position after, StateChange change) {
        return new Frame(after.idLine(), change.body(), true);
    }

    /** The stream's position, when no other event tells it. */
    static Frame position(Position position) {
        return new Frame(position.idLine(), body("position", position.toString().getBytes(UTF_8)), false);
    }

    /** Tells that the records between the requested position and the next one are gone. */
    static Frame gap(Position asked, Position from) {
        var data = new LinkedHashMap<String, String>();
        data.put("asked", asked.toString());
        data.put("from", from.toString());
        return new Frame(from.idLine(), body("gap", TaskJson.bytes(data)), false);
    }

    /** The last event before the server ends the stream. */
    static Frame dropped(String reason) {
        var data = new LinkedHashMap<String, String>();
        data.put("reason", reason);
        return new Frame(NO_HEAD, body("dropped", TaskJson.bytes(data)), false);
    }

    /**
     * An event without its id line.
     *
     * @param data without line breaks
     */
    static byte[] body(String event, byte[] data) {
        var body = new ByteArrayOutputStream(data.length + event.length() + 20);
        body.writeBytes(("event: " + event + "\ndata: ").getBytes(UTF_8));
        body.writeBytes(data);
        body.writeBytes(new byte[] {'\n', '\n'});
        return body.toByteArray();
    }

    /** The data of an event, from what {@link #body} made. */
    static byte[] data(byte[] body) {
        var line = 0;
        while (body[line] != '\n') {
            line++;
        }
        return Arrays.copyOfRange(body, line + 1 + "data: ".length(), body.length - 2);
    }

    int size() {
        return head.length + body.length;
    }
}

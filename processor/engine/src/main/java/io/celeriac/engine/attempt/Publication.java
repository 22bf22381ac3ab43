package io.celeriac.engine.attempt;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A record that is ready to be sent.
 *
 * @param destination what kind of topic it goes to
 * @param topic its name
 * @param key null for none
 * @param value null for a tombstone
 * @param headers of the record
 */
public record Publication(
        Destination destination, String topic, byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {

    private static final int HEADER_OVERHEAD = 10;

    /** Bytes of key, value and headers. */
    int size() {
        return size(key, value, headers);
    }

    static int size(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        var size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (var header : headers) {
            size += header.key().length() + (header.value() == null ? 0 : header.value().length) + HEADER_OVERHEAD;
        }
        return size;
    }

    /** The kinds of topic that a worker writes to. */
    public enum Destination {
        RESULTS,
        NEXT_STEPS,
        DEAD_LETTERS
    }
}

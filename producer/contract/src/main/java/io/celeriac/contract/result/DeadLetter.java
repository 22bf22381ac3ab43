package io.celeriac.contract.result;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonValue;
import io.celeriac.contract.rule.WireText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers that say why a record is on the dead-letter topic. They are added to its original key, value and headers (the
 * idea of KIP-1034).
 *
 * @param reason the kind of problem
 * @param message what was wrong, for people
 * @param topic where the record came from
 * @param partition where the record came from
 * @param offset where the record came from
 * @param at when it was set aside
 * @param secret true: the record, which is unchanged, may hold a secret and must not be shown
 */
public record DeadLetter(
        Reason reason, String message, String topic, int partition, long offset, Instant at, boolean secret) {

    /** The kinds of problems. */
    public enum Reason {
        /** Not JSON, or a field breaks a rule. */
        UNREADABLE,
        /** It does not fit into a record together with the data that a worker keeps with it. */
        TOO_LARGE,
        /** No worker of the queue had a handler of this name for as long as the task was kept. */
        UNKNOWN_TASK,
        /** The last attempt failed. */
        FAILED,
        /** It was running too often when its process died. */
        POISON_PILL,
        /** The database refused the row. */
        REFUSED,
        /** A next step for a queue that has no topic and could not get one. */
        UNKNOWN_QUEUE;

        /** The word for it on the wire, such as {@code unknown-task}. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The header that is {@code true} on a record whose arguments are all secret. It is set on dead letters and on tasks; on a
     * task it has the effect of a rule for all arguments.
     */
    public static final String SECRET = "celeriac-secret";

    private static final int MAX_MESSAGE = 4 * 1024;

    private static final String REASON = "celeriac-reason";
    private static final String MESSAGE = "celeriac-message";
    private static final String TOPIC = "celeriac-topic";
    private static final String PARTITION = "celeriac-partition";
    private static final String OFFSET = "celeriac-offset";
    private static final String AT = "celeriac-at";
    private static final String TRUE = "true";

    /** Adds the headers that say why. */
    public void addTo(Headers headers) {
        put(headers, REASON, reason.word());
        put(headers, MESSAGE, WireText.cut(message, MAX_MESSAGE));
        put(headers, TOPIC, topic);
        put(headers, PARTITION, Integer.toString(partition));
        put(headers, OFFSET, Long.toString(offset));
        put(headers, AT, at.toString());
        if (secret) {
            put(headers, SECRET, TRUE);
        } else {
            headers.remove(SECRET);
        }
    }

    /** Reads the headers back; null when the record does not have them, or they were tampered with. */
    public static @Nullable DeadLetter from(Headers headers) {
        try {
            for (var reason : Reason.values()) {
                if (reason.word().equals(get(headers, REASON))) {
                    return new DeadLetter(
                            reason,
                            get(headers, MESSAGE),
                            get(headers, TOPIC),
                            Integer.parseInt(get(headers, PARTITION)),
                            Long.parseLong(get(headers, OFFSET)),
                            Instant.parse(get(headers, AT)),
                            isSecret(headers));
                }
            }
            return null;
        } catch (NumberFormatException | DateTimeException e) {
            return null;
        }
    }

    /** True when the headers of a task or a dead letter say that it is {@link #SECRET}. */
    public static boolean isSecret(Headers headers) {
        return get(headers, SECRET).equals(TRUE);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(UTF_8));
    }

    private static String get(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }
}

package io.celeriac.resultsweb.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.result.DeadLetter;
import io.celeriac.results.replay.DeadLetterReplay;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter. Bytes are shown as text if they are valid UTF-8, otherwise as base64.
 *
 * @param partition of the dead-letter topic
 * @param offset in it
 * @param at when it was set aside; the record's timestamp if its headers do not tell
 * @param reason why it was set aside; null for a record without Celeriac's headers
 * @param message what was wrong, for people
 * @param origin where the record came from; null for a record without Celeriac's headers
 * @param withheld what is not shown, and why; null if everything is shown
 * @param headers the record's own headers, without Celeriac's
 * @param replays the tasks that were made of it, the first one first
 */
@JsonInclude(Include.NON_NULL)
public record DeadLetterEntry(
        int partition,
        long offset,
        Instant at,
        DeadLetter.@Nullable Reason reason,
        @Nullable String message,
        @Nullable Origin origin,
        @Nullable String key,
        @Nullable String keyBase64,
        @Nullable String value,
        @Nullable String valueBase64,
        @Nullable String withheld,
        List<Header> headers,
        @JsonInclude(Include.NON_EMPTY) List<DeadLetterReplay> replays) {

    private static final String WITHHELD = "key and value, as they may hold a secret";

    private static final String OURS = "celeriac-";

    /** The place that a record came from. */
    @Schema(name = "DeadLetterOrigin")
    public record Origin(String topic, int partition, long offset) {}

    /** A header of the record. */
    @Schema(name = "DeadLetterHeader")
    @JsonInclude(Include.NON_NULL)
    public record Header(
            String name, @Nullable String value, @Nullable String valueBase64) {}

    static DeadLetterEntry whole(
            ConsumerRecord<byte[], byte[]> record, @Nullable DeadLetter letter, @Nullable String message) {
        return of(record, letter, message, record.key(), record.value(), null);
    }

    /** Without key and value. */
    static DeadLetterEntry withheld(
            ConsumerRecord<byte[], byte[]> record, @Nullable DeadLetter letter, @Nullable String message) {
        return of(record, letter, message, null, null, WITHHELD);
    }

    private static DeadLetterEntry of(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable DeadLetter letter,
            @Nullable String message,
            byte @Nullable [] keyBytes,
            byte @Nullable [] valueBytes,
            @Nullable String withheld) {
        var key = text(keyBytes);
        var value = text(valueBytes);
        return new DeadLetterEntry(
                record.partition(),
                record.offset(),
                letter == null ? Instant.ofEpochMilli(record.timestamp()) : letter.at(),
                letter == null ? null : letter.reason(),
                message,
                letter == null ? null : new Origin(letter.topic(), letter.partition(), letter.offset()),
                key,
                key == null ? base64(keyBytes) : null,
                value,
                value == null ? base64(valueBytes) : null,
                withheld,
                headers(record),
                List.of());
    }

    /** The same with its replays. */
    DeadLetterEntry with(List<DeadLetterReplay> newReplays) {
        return new DeadLetterEntry(
                partition,
                offset,
                at,
                reason,
                message,
                origin,
                key,
                keyBase64,
                value,
                valueBase64,
                withheld,
                headers,
                newReplays);
    }

    private static List<Header> headers(ConsumerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        for (var header : record.headers()) {
            if (!header.key().startsWith(OURS)) {
                var value = text(header.value());
                headers.add(new Header(header.key(), value, value == null ? base64(header.value()) : null));
            }
        }
        return headers;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static @Nullable String base64(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }
}

package io.celeriac.gateway.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import io.celeriac.contract.DeadLetter;
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
 * A dead letter. Bytes are shown as text where they are valid UTF-8, else as base64.
 *
 * @param partition of the dead-letter topic
 * @param offset in it
 * @param at when it was set aside
 * @param reason the kind of trouble; null for a record that has no word of ours
 * @param message what was wrong, for people
 * @param origin where the record came from
 * @param headers those it came with
 */
@JsonInclude(Include.NON_NULL)
record DeadLetterEntry(
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
        List<Header> headers) {

    private static final String OURS = "celeriac-";

    /** Where a record came from. */
    @Schema(name = "DeadLetterOrigin")
    record Origin(String topic, int partition, long offset) {}

    /** A header of the record. */
    @Schema(name = "DeadLetterHeader")
    @JsonInclude(Include.NON_NULL)
    record Header(
            String name, @Nullable String value, @Nullable String valueBase64) {}

    static DeadLetterEntry of(ConsumerRecord<byte[], byte[]> record) {
        var letter = DeadLetter.from(record.headers());
        var key = text(record.key());
        var value = text(record.value());
        return new DeadLetterEntry(
                record.partition(),
                record.offset(),
                letter == null ? Instant.ofEpochMilli(record.timestamp()) : letter.at(),
                letter == null ? null : letter.reason(),
                letter == null ? null : letter.message(),
                letter == null ? null : new Origin(letter.topic(), letter.partition(), letter.offset()),
                key,
                key == null ? base64(record.key()) : null,
                value,
                value == null ? base64(record.value()) : null,
                headers(record));
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

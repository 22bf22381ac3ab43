package io.celeriac.controlweb.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * The condition under which a change of a live setting holds: headers of its record, for gateways only.
 *
 * @param expected id of the setting that its author has seen; empty for none; null for any
 * @param restores offset of the record that did not hold, and after which this one puts the setting in force again; null for a change
 */
record ChangeTerms(@Nullable String expected, @Nullable Long restores) {

    /** It holds whatever was before. */
    static final ChangeTerms NONE = new ChangeTerms(null, null);

    private static final String EXPECTED = "celeriac-expected";
    private static final String RESTORES = "celeriac-restores";

    static ChangeTerms expecting(String id) {
        return new ChangeTerms(id, null);
    }

    static ChangeTerms restoring(long offset) {
        return new ChangeTerms(null, offset);
    }

    /** Headers that cannot be read are none. */
    static ChangeTerms of(Headers headers) {
        var offset = text(headers, RESTORES);
        return new ChangeTerms(
                text(headers, EXPECTED), offset == null || !offset.matches("\\d{1,18}") ? null : Long.valueOf(offset));
    }

    private static @Nullable String text(Headers headers, String name) {
        var header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    List<Header> headers() {
        if (expected != null) {
            return List.of(header(EXPECTED, expected));
        }
        return restores == null ? List.of() : List.of(header(RESTORES, restores.toString()));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}

package io.celeriac.results.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.celeriac.results.materializer.ResultColumns;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Base64;

/**
 * The place of a row in a list of tasks. The next page goes on from it, whatever was added meanwhile.
 *
 * @param submittedAt of the last row, UTC
 * @param id of the last row
 */
public record TaskCursor(LocalDateTime submittedAt, String id) {

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public static TaskCursor parse(String text) {
        var decoded = new String(Base64.getUrlDecoder().decode(text), UTF_8);
        var slash = decoded.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a cursor: " + text);
        }
        try {
            var submittedAt = LocalDateTime.parse(decoded.substring(0, slash));
            if (submittedAt.isBefore(ResultColumns.EARLIEST) || submittedAt.isAfter(ResultColumns.LATEST)) {
                throw new IllegalArgumentException("not a cursor: " + text);
            }
            return new TaskCursor(submittedAt, decoded.substring(slash + 1));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a cursor: " + text, e);
        }
    }

    /** Opaque, safe in a URL. */
    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((submittedAt + "/" + id).getBytes(UTF_8));
    }
}

package io.celeriac.results.query;

import io.celeriac.contract.json.CursorText;
import io.celeriac.results.materializer.ResultColumns;
import java.time.DateTimeException;
import java.time.LocalDateTime;

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
        var fields = CursorText.fields(text, 2);
        try {
            var submittedAt = LocalDateTime.parse(fields.get(0));
            if (!submittedAt.isBefore(ResultColumns.EARLIEST) && !submittedAt.isAfter(ResultColumns.LATEST)) {
                return new TaskCursor(submittedAt, fields.get(1));
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a cursor: " + text, e);
        }
        throw new IllegalArgumentException("not a cursor: " + text);
    }

    /** Opaque, safe in a URL. */
    @Override
    public String toString() {
        return CursorText.of(submittedAt.toString(), id);
    }
}

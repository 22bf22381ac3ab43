package io.celeriac.results.action;

import io.celeriac.contract.json.CursorText;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The place of an action in the list of actions.
 *
 * @param createdAt of the last action of a page
 * @param id of the last action of a page
 */
public record ActionCursor(Instant createdAt, String id) {

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public static ActionCursor parse(String text) {
        var fields = CursorText.fields(text, 2);
        try {
            return new ActionCursor(Instant.parse(fields.get(0)), fields.get(1));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a cursor: " + text, e);
        }
    }

    /** Opaque, safe in a URL. */
    @Override
    public String toString() {
        return CursorText.of(createdAt.toString(), id);
    }
}

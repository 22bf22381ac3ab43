package io.celeriac.contract.json;

import java.util.Base64;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** The text of a cursor: where the next page of a list begins. It is safe in a URL, and clients must not interpret it. */
public final class CursorText {

    private static final TypeReference<List<String>> FIELDS = new TypeReference<>() {};

    private CursorText() {}

    /** @param fields of the last item of a page, by which the list is sorted */
    public static String of(String... fields) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(WireMapper.MAPPER.writeValueAsBytes(fields));
    }

    /**
     * Reads the fields back.
     *
     * @param count of the fields
     * @throws IllegalArgumentException when {@link #of} has not written the text with so many fields
     */
    public static List<String> fields(String text, int count) {
        try {
            var fields = WireMapper.MAPPER.readValue(Base64.getUrlDecoder().decode(text), FIELDS);
            if (fields != null && fields.size() == count && !fields.contains(null)) {
                return fields;
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException("not a cursor: " + text, e);
        }
        throw new IllegalArgumentException("not a cursor: " + text);
    }
}

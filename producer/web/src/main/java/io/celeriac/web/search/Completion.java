package io.celeriac.web.search;

/** What a person is about to write at the end of a search. A candidate replaces the text from its position on. */
public sealed interface Completion {

    /** Of the first character that a candidate replaces. */
    int position();

    /** What is written of it so far, without quotes. */
    String prefix();

    /** The name of a field, or a text without a field. */
    record OfField(int position, String prefix) implements Completion {}

    /**
     * The value of a field.
     *
     * @param field in the catalogue
     * @param path what follows a name with a dot; empty for other fields
     */
    record OfValue(int position, String prefix, SearchField field, String path) implements Completion {}

    /** A word that nothing can complete: its field is not known, or it is compared. */
    record OfNothing(int position, String prefix) implements Completion {}

    /** What stands at the end of a text, which need not be a whole search yet. */
    static Completion at(String text, FieldCatalogue fields) {
        var start = 0;
        var colon = -1;
        var inQuotes = false;
        for (var index = 0; index < text.length(); index++) {
            var character = text.charAt(index);
            if (inQuotes && character == '\\') {
                index++;
            } else if (character == '"') {
                inQuotes = !inQuotes;
            } else if (!inQuotes && isBetweenWords(text, index, start)) {
                start = index + 1;
                colon = -1;
            } else if (!inQuotes && character == ':' && colon < 0) {
                colon = index;
            }
        }
        if (colon < 0) {
            return new OfField(start, written(text.substring(start)));
        }
        var name = written(text.substring(start, colon));
        var value = text.substring(colon + 1);
        var field = fields.find(name);
        if (field.isEmpty() || value.startsWith("<") || value.startsWith(">")) {
            return new OfNothing(colon + 1, written(value));
        }
        var path = field.get().hasPath() ? name.substring(field.get().name().length()) : "";
        return new OfValue(colon + 1, written(value), field.get(), path);
    }

    private static boolean isBetweenWords(String text, int index, int start) {
        var character = text.charAt(index);
        return Character.isWhitespace(character)
                || character == '('
                || character == ')'
                || (character == '-' && index == start);
    }

    private static String written(String word) {
        var written = new StringBuilder();
        for (var index = 0; index < word.length(); index++) {
            var character = word.charAt(index);
            if (character == '\\' && index + 1 < word.length()) {
                written.append(word.charAt(++index));
            } else if (character != '"') {
                written.append(character);
            }
        }
        return written.toString();
    }
}

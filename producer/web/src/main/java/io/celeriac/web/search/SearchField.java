package io.celeriac.web.search;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A field that a search can name.
 *
 * @param name as it stands before the colon; one that ends with a dot, such as {@code label.}, is followed by a path
 * @param kind type of its values
 * @param implied the comparison that the field itself means, such as {@code >=} of {@code since}; null: the search says it
 * @param words of {@link Kind#WORD}; empty for other kinds
 * @param index which searches for it are fast
 * @param help one sentence for people
 * @param example a term with this field
 */
public record SearchField(
        String name,
        Kind kind,
        @Nullable Operator implied,
        List<String> words,
        Index index,
        String help,
        String example) {

    /** Types of values. */
    public enum Kind {
        /** Compared as a whole, or by its beginning; upper and lower case differ. */
        TEXT,
        /** A text that the field contains; upper and lower case are the same. */
        PART,
        /** One of the field's words, in upper or lower case. */
        WORD,
        /** A whole number. */
        NUMBER,
        /** A length of time such as {@code 5s}. */
        DURATION,
        /** A point in time, absolute or as a time ago. */
        INSTANT
    }

    /**
     * What an index knows of a field.
     *
     * @param all true: every path of the field, or the field itself
     * @param paths the paths that an index knows, where it does not know all
     */
    public record Index(boolean all, Set<String> paths) {

        /** An index knows the field. */
        public static final Index ALL = new Index(true, Set.of());

        /** No index knows the field: a search looks at rows that the other terms leave. */
        public static final Index NONE = new Index(false, Set.of());

        public Index {
            paths = Set.copyOf(paths);
        }

        /** An index knows these paths of the field. */
        public static Index of(Set<String> paths) {
            return new Index(false, paths);
        }
    }

    public SearchField {
        words = List.copyOf(words);
    }

    /** A field of texts. */
    public static SearchField text(String name, Index index, String help, String example) {
        return new SearchField(name, Kind.TEXT, null, List.of(), index, help, example);
    }

    /** A field in which a text is looked for. */
    public static SearchField part(String name, Index index, String help, String example) {
        return new SearchField(name, Kind.PART, null, List.of(), index, help, example);
    }

    /** A field of a few known words. */
    public static SearchField words(String name, List<String> words, Index index, String help, String example) {
        return new SearchField(name, Kind.WORD, null, words, index, help, example);
    }

    /** A field that is compared. */
    public static SearchField compared(String name, Kind kind, Index index, String help, String example) {
        return new SearchField(name, kind, null, List.of(), index, help, example);
    }

    /** A bound of time. */
    public static SearchField bound(String name, Operator implied, Index index, String help, String example) {
        return new SearchField(name, Kind.INSTANT, implied, List.of(), index, help, example);
    }

    /** True when a path follows the name. */
    public boolean hasPath() {
        return name.endsWith(".");
    }

    /** True when an index serves the field. */
    public boolean isIndexed(String path) {
        return index.all() || index.paths().contains(path);
    }
}

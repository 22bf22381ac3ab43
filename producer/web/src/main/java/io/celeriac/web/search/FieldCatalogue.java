package io.celeriac.web.search;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The fields of one kind of thing, and the way to read a search for it.
 *
 * @param fields in the order in which people are shown them
 */
public record FieldCatalogue(List<SearchField> fields) {

    public FieldCatalogue {
        fields = List.copyOf(fields);
    }

    /**
     * Reads a search.
     *
     * @param now what relative times are counted from
     * @throws SearchException when it breaks the grammar, names an unknown field or is too large
     */
    public Query parse(String text, Instant now) {
        return new QueryParser(text, this, now, QueryLimits.ASKED).parse();
    }

    /**
     * Reads a search that may be what a program has answered: one that was frozen before is longer than what people may write.
     *
     * @param now what relative times are counted from
     * @throws SearchException as {@link #parse} does
     */
    public Query parseFrozen(String text, Instant now) {
        return new QueryParser(text, this, now, QueryLimits.FROZEN).parse();
    }

    /**
     * Reads what {@link Query#print()} wrote, which may be longer than what people may write.
     *
     * @throws SearchException when it is anything else, or names a field that is no longer there
     */
    public Query reparse(String printed) {
        return new QueryParser(printed, this, Instant.EPOCH, QueryLimits.KEPT).parse(); // no relative times are printed
    }

    /** The field of this name. */
    public Optional<SearchField> find(String name) {
        return fields.stream()
                .filter(field -> field.hasPath()
                        ? name.startsWith(field.name())
                                && name.length() > field.name().length()
                        : name.equals(field.name()))
                .findFirst();
    }

    /** The field of a term that this catalogue has read. */
    public SearchField of(Query.Term term) {
        return fields.stream()
                .filter(field -> field.name().equals(term.field()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no field " + term.field()));
    }

    SearchField named(String text, int position, String name) {
        return find(name).orElseThrow(() -> new SearchException(text, position, unknown(name)));
    }

    private String unknown(String name) {
        var withPath = fields.stream()
                .filter(field -> field.hasPath()
                        && (field.name().equals(name) || field.name().equals(name + ".")))
                .findFirst();
        return withPath.isPresent()
                ? "a name must follow " + name + ", such as " + withPath.get().example()
                : "there is no field " + name + ", but "
                        + fields.stream().map(SearchField::name).collect(joining(", "))
                        + "; quote the whole to look for it as a text";
    }
}

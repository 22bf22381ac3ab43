package io.celeriac.web.search;

import java.util.List;
import java.util.stream.Stream;

/**
 * A search as a tree. {@link #print()} writes it as text again: the same search with every relative time resolved, so it means
 * the same at any later time.
 */
public sealed interface Query {

    /** Everything: the search is empty. */
    record All() implements Query {}

    /**
     * All parts must hold.
     *
     * @param parts at least two, none of them an {@code And}
     */
    record And(List<Query> parts) implements Query {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One part must hold.
     *
     * @param parts at least two, none of them an {@code Or}
     */
    record Or(List<Query> parts) implements Query {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    /** The part must not hold. */
    record Not(Query part) implements Query {}

    /**
     * A field with a value.
     *
     * @param field name of the field in the catalogue, such as {@code task} or {@code label.}
     * @param path what follows a name with a dot, such as {@code tenant}; empty for other fields
     * @param operator {@link Operator#EQUAL} for texts and words
     * @param value of the field's type
     * @param position of the term's first character in the text, from 0
     * @param length of the term in the text
     */
    record Term(String field, String path, Operator operator, Value value, int position, int length) implements Query {}

    /**
     * A text without a field: it may be anywhere.
     *
     * @param position of its first character in the text, from 0
     * @param length in the text
     */
    record FreeText(String text, int position, int length) implements Query {}

    /** The conjunction of these queries; {@link All} adds nothing to it. */
    static Query and(List<Query> parts) {
        var flat = parts.stream()
                .filter(part -> !(part instanceof All))
                .flatMap(part -> part instanceof And and ? and.parts().stream() : Stream.of(part))
                .toList();
        return flat.isEmpty() ? new All() : flat.size() == 1 ? flat.get(0) : new And(flat);
    }

    /** The disjunction of these queries. */
    static Query or(List<Query> parts) {
        var flat = parts.stream()
                .flatMap(part -> part instanceof Or or ? or.parts().stream() : Stream.of(part))
                .toList();
        return flat.size() == 1 ? flat.get(0) : new Or(flat);
    }

    /** All terms with a field, in the order of the text. */
    default Stream<Term> terms() {
        if (this instanceof And and) {
            return and.parts().stream().flatMap(Query::terms);
        }
        if (this instanceof Or or) {
            return or.parts().stream().flatMap(Query::terms);
        }
        if (this instanceof Not not) {
            return not.part().terms();
        }
        return this instanceof Term term ? Stream.of(term) : Stream.empty();
    }

    /** All texts without a field, in the order of the text. */
    default Stream<FreeText> freeTexts() {
        if (this instanceof And and) {
            return and.parts().stream().flatMap(Query::freeTexts);
        }
        if (this instanceof Or or) {
            return or.parts().stream().flatMap(Query::freeTexts);
        }
        if (this instanceof Not not) {
            return not.part().freeTexts();
        }
        return this instanceof FreeText text ? Stream.of(text) : Stream.empty();
    }

    /** A text as it stands in a search: in quotes, if it would otherwise mean something else. */
    static String quoted(String text) {
        return QueryPrinter.quoted(text);
    }

    /** The search as text, from which the same tree is read. */
    default String print() {
        return QueryPrinter.print(this);
    }
}

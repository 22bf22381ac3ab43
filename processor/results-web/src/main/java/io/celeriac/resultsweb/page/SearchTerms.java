package io.celeriac.resultsweb.page;

import java.util.ArrayList;
import java.util.List;

/** The terms of a search as they were written, so that a reader can take one away. */
final class SearchTerms {

    private SearchTerms() {}

    /**
     * A term that stands for itself.
     *
     * @param isNegated whether it excludes
     * @param field before the colon; empty for a text
     * @param value after the colon
     * @param text as it was written
     * @param rest the search without it
     */
    record Term(boolean isNegated, String field, String value, String text, String rest) {}

    /** The terms of a search that can be read; none when the whole of it is one alternative. */
    static List<Term> of(String q) {
        var words = words(q);
        if (words.contains("OR")) {
            return List.of();
        }
        var terms = new ArrayList<Term>();
        for (var at = 0; at < words.size(); at++) {
            var rest = new ArrayList<>(words);
            rest.remove(at);
            terms.add(term(words.get(at), String.join(" ", rest)));
        }
        return terms;
    }

    private static Term term(String word, String rest) {
        var isNegated = word.startsWith("-");
        var plain = isNegated ? word.substring(1) : word;
        var colon = plain.startsWith("\"") || plain.startsWith("(") ? -1 : plain.indexOf(':');
        return new Term(isNegated, colon < 0 ? "" : plain.substring(0, colon), plain.substring(colon + 1), word, rest);
    }

    /** What spaces separate, outside of quotes and parentheses. */
    private static List<String> words(String q) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        var depth = 0;
        var isQuoted = false;
        for (var at = 0; at < q.length(); at++) {
            var character = q.charAt(at);
            if (isQuoted && character == '\\' && at + 1 < q.length()) {
                word.append(character).append(q.charAt(++at));
                continue;
            }
            if (character == '"') {
                isQuoted = !isQuoted;
            } else if (!isQuoted) {
                depth += character == '(' ? 1 : character == ')' ? -1 : 0;
            }
            if (Character.isWhitespace(character) && !isQuoted && depth == 0) {
                add(words, word);
            } else {
                word.append(character);
            }
        }
        add(words, word);
        return words;
    }

    private static void add(List<String> words, StringBuilder word) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }
}

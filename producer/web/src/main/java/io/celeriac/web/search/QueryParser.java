package io.celeriac.web.search;

import io.celeriac.web.search.Query.FreeText;
import io.celeriac.web.search.Query.Not;
import io.celeriac.web.search.Query.Term;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Set;

/**
 * Reads a search by recursive descent. Every character is looked at once, so its time is linear in the text.
 *
 * <pre>
 * query   = and ("OR" and)*
 * and     = not ("AND"? not)*
 * not     = ("NOT" | "-") not | "(" query ")" | term
 * term    = (field ":" operator?)? value "*"?
 * value   = (character | '"' (character | '\"' | '\\')* '"')+
 * </pre>
 */
final class QueryParser {

    /** Words with a meaning, unless they are quoted. */
    static final Set<String> OPERATORS = Set.of("AND", "OR", "NOT");

    private final String text;
    private final FieldCatalogue fields;
    private final ValueReader values;
    private final QueryLimits limits;
    private int at;
    private int terms;

    QueryParser(String text, FieldCatalogue fields, Instant now, QueryLimits limits) {
        this.text = text;
        this.limits = limits;
        this.fields = fields;
        this.values = new ValueReader(text, now);
    }

    private void checkLength() {
        if (text.length() > limits.length) {
            throw fault(limits.length, "a search has at most " + limits.length + " characters");
        }
    }

    Query parse() {
        checkLength();
        checkCharacters();
        skipSpace();
        if (isEnd()) {
            return new Query.All();
        }
        var query = alternatives(0);
        if (!isEnd()) { // only a parenthesis ends the alternatives before the end of the text
            throw fault(at, "this parenthesis closes nothing");
        }
        return query;
    }

    private void checkCharacters() {
        for (var index = 0; index < text.length(); index++) {
            var isPair =
                    index + 1 < text.length() && Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1));
            if (isPair) {
                index++;
            } else if (Character.isSurrogate(text.charAt(index))) {
                throw fault(index, "this is half a character");
            }
        }
    }

    private Query alternatives(int depth) {
        var parts = new ArrayList<Query>();
        do {
            parts.add(conjunction(depth));
        } while (takeWord("OR"));
        return Query.or(parts);
    }

    private Query conjunction(int depth) {
        var parts = new ArrayList<Query>();
        do {
            parts.add(negation(depth));
        } while (takeWord("AND") || isMore());
        return Query.and(parts);
    }

    private boolean isMore() {
        skipSpace();
        return !isEnd() && text.charAt(at) != ')' && !isWord("OR");
    }

    private Query negation(int depth) {
        skipSpace();
        if (depth > limits.depth) {
            throw fault(at, "parentheses and negations go at most " + limits.depth + " deep");
        }
        var start = at;
        if (takeWord("NOT")) {
            return new Not(negation(depth + 1));
        }
        if (!isEnd() && text.charAt(at) == '-') {
            at++;
            if (isEnd() || Character.isWhitespace(text.charAt(at))) {
                throw fault(start, "a minus must stand right before what it excludes");
            }
            return new Not(negation(depth + 1));
        }
        if (!isEnd() && text.charAt(at) == '(') {
            at++;
            var inner = alternatives(depth + 1);
            if (isEnd()) {
                throw fault(start, "this parenthesis is not closed");
            }
            at++;
            return inner;
        }
        return term();
    }

    private Query term() {
        if (isEnd() || text.charAt(at) == ')' || isWord("OR") || isWord("AND")) {
            throw fault(at, "a term is missing here");
        }
        if (++terms > limits.terms) {
            throw fault(at, "a search has at most " + limits.terms + " terms");
        }
        var start = at;
        var first = word(true);
        if (isEnd() || text.charAt(at) != ':') {
            return freeText(first, start);
        }
        if (first.isWildcard || first.text.isEmpty()) {
            throw fault(start, "a field must stand before the colon");
        }
        var field = fields.named(text, start, first.text);
        at++;
        var sign = at;
        var operator = takeOperator();
        var place = at;
        var second = word(false);
        var value = values.read(
                field, operator, sign, new ValueReader.Written(second.text, second.isWildcard, second.isQuoted, place));
        return new Term(
                field.name(),
                field.hasPath() ? first.text.substring(field.name().length()) : "",
                field.implied() == null ? operator : field.implied(),
                value,
                start,
                at - start);
    }

    private FreeText freeText(Word word, int start) {
        if (word.text.isEmpty()) {
            throw fault(
                    start, word.isWildcard ? "a star alone finds everything: leave it out" : "a text is missing here");
        }
        return new FreeText(word.text, start, at - start);
    }

    private Operator takeOperator() {
        for (var operator : Operator.BY_SIGN) {
            if (text.startsWith(operator.sign(), at)) {
                at += operator.sign().length();
                return operator;
            }
        }
        return Operator.EQUAL;
    }

    /**
     * @param isQuoted true when a part of it is quoted, so that it may be empty
     * @param isWildcard true when a star ends it
     */
    private record Word(String text, boolean isQuoted, boolean isWildcard) {}

    private Word word(boolean untilColon) {
        var word = new StringBuilder();
        var isQuoted = false;
        while (!isEndOfWord(untilColon)) {
            var next = text.charAt(at);
            if (next == '"') {
                quoted(word);
                isQuoted = true;
            } else if (next == '*') {
                at++;
                if (!isEndOfWord(untilColon)) {
                    throw fault(at - 1, "a star stands only at the end; quote the text to look for a star");
                }
                return new Word(word.toString(), isQuoted, true);
            } else {
                word.append(next);
                at++;
            }
        }
        return new Word(word.toString(), isQuoted, false);
    }

    private void quoted(StringBuilder word) {
        var start = at++;
        while (!isEnd() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
                if (!isEnd() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
                    throw fault(at - 1, "inside quotes, write \\\\ for a backslash and \\\" for a quote");
                }
            }
            if (!isEnd()) {
                word.append(text.charAt(at++));
            }
        }
        if (isEnd()) {
            throw fault(start, "this quote is not closed");
        }
        at++;
    }

    private boolean isEndOfWord(boolean untilColon) {
        return isEnd() || isSeparator(text.charAt(at)) || (untilColon && text.charAt(at) == ':');
    }

    private static boolean isSeparator(char character) {
        return Character.isWhitespace(character) || character == '(' || character == ')';
    }

    private boolean takeWord(String word) {
        skipSpace();
        if (isWord(word)) {
            at += word.length();
            return true;
        }
        return false;
    }

    private boolean isWord(String word) {
        var end = at + word.length();
        return text.startsWith(word, at) && (end == text.length() || isSeparator(text.charAt(end)));
    }

    private void skipSpace() {
        while (!isEnd() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean isEnd() {
        return at >= text.length();
    }

    private SearchException fault(int position, String message) {
        return new SearchException(text, position, message);
    }
}

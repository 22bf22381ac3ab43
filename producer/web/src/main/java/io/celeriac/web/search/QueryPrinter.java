package io.celeriac.web.search;

import static java.util.stream.Collectors.joining;

import io.celeriac.web.search.Query.All;
import io.celeriac.web.search.Query.And;
import io.celeriac.web.search.Query.FreeText;
import io.celeriac.web.search.Query.Not;
import io.celeriac.web.search.Query.Or;
import io.celeriac.web.search.Query.Term;
import java.util.regex.Pattern;

/** Writes a {@link Query} as text. */
final class QueryPrinter {

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_./@+#][\\p{L}\\p{N}_./@+#-]*");

    private QueryPrinter() {}

    static String print(Query query) {
        if (query instanceof And and) {
            return and.parts().stream()
                    .map(part -> part instanceof Or ? "(" + print(part) + ")" : print(part))
                    .collect(joining(" "));
        }
        if (query instanceof Or or) {
            return or.parts().stream().map(QueryPrinter::print).collect(joining(" OR "));
        }
        if (query instanceof Not not) {
            return not.part() instanceof And || not.part() instanceof Or
                    ? "-(" + print(not.part()) + ")"
                    : "-" + print(not.part());
        }
        if (query instanceof Term term) {
            return term.field()
                    + (term.path().isEmpty() ? "" : quoted(term.path()))
                    + ":"
                    + term.operator().sign()
                    + value(term.value());
        }
        return query instanceof FreeText text ? quoted(text.text()) : everything((All) query);
    }

    private static String everything(@SuppressWarnings("unused") All all) {
        return "";
    }

    private static String value(Value value) {
        if (value instanceof Value.Text text) {
            return quoted(text.text()) + (text.prefix() ? "*" : "");
        }
        if (value instanceof Value.Whole whole) {
            return Long.toString(whole.number());
        }
        if (value instanceof Value.Span span) {
            return span.length().toString();
        }
        return value instanceof Value.Moment moment ? moment.instant().toString() : "*";
    }

    static String quoted(String text) {
        return PLAIN.matcher(text).matches() && !QueryParser.OPERATORS.contains(text)
                ? text
                : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

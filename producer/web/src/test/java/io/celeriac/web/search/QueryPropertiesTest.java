package io.celeriac.web.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.celeriac.web.search.Query.And;
import io.celeriac.web.search.Query.FreeText;
import io.celeriac.web.search.Query.Not;
import io.celeriac.web.search.Query.Or;
import io.celeriac.web.search.Query.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;

class QueryPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Property(tries = 300)
    void readsWhatItPrints(@ForAll("queries") Query query) {
        assertThat(withoutPlaces(Fields.ALL.reparse(query.print()))).isEqualTo(query);
    }

    @Property
    void printsTheSameAgain(@ForAll("texts") String text) {
        if (catchThrowable(() -> Fields.ALL.parse(text, NOW)) == null) {
            var printed = Fields.ALL.parse(text, NOW).print();
            assertThat(Fields.ALL.reparse(printed).print()).isEqualTo(printed);
        }
    }

    @Property(tries = 5_000)
    void throwsNothingButItsOwnError(@ForAll("texts") String text) {
        var error = catchThrowable(() -> Fields.ALL.parse(text, NOW));

        assertThat(error == null || error instanceof SearchException)
                .as("%s", error)
                .isTrue();
        if (error instanceof SearchException fault) {
            assertThat(fault.position()).isBetween(0, text.length());
        }
    }

    @Property
    void throwsNothingButItsOwnErrorForAnyText(@ForAll @StringLength(max = 3_000) String text) {
        var error = catchThrowable(() -> Fields.ALL.parse(text, NOW));

        assertThat(error == null || error instanceof SearchException)
                .as("%s", error)
                .isTrue();
    }

    @Property
    void completesAnyText(@ForAll("texts") String text) {
        var completion = Completion.at(text, Fields.ALL);

        assertThat(completion.position()).isBetween(0, text.length());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "state:",
                        "FAILURE",
                        "task:",
                        "took:",
                        ">",
                        "<=",
                        "5s",
                        "since:",
                        "1h",
                        "label.",
                        "x",
                        "args.to:",
                        "attempt:",
                        "7",
                        " ",
                        " ",
                        "\"",
                        "\\",
                        "(",
                        ")",
                        "-",
                        "*",
                        ":",
                        "AND",
                        "OR",
                        "NOT",
                        "é",
                        "\ud83d\ude00",
                        "2026-01-31",
                        "T12:00:00Z",
                        "finished:")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<Query> queries() {
        return query(4);
    }

    private static Arbitrary<Query> query(int depth) {
        var leaf = Arbitraries.oneOf(text("task", ""), path(), free(), took(), moment(), any());
        if (depth == 0) {
            return leaf;
        }
        var parts = Arbitraries.lazy(() -> query(depth - 1)).list().ofMinSize(2).ofMaxSize(3);
        return Arbitraries.oneOf(
                        leaf,
                        parts.map(Query::and).filter(And.class::isInstance),
                        parts.map(Query::or).filter(Or.class::isInstance),
                        Arbitraries.lazy(() -> query(depth - 1)).map(Not::new))
                .filter(query -> query.terms().count() + query.freeTexts().count() <= QueryLimits.TERMS);
    }

    private static Arbitrary<String> word() {
        return Arbitraries.strings().withChars("ab \"\\*:()<>-é").ofMinLength(1).ofMaxLength(8);
    }

    private static Arbitrary<Query> text(String field, String path) {
        return Combinators.combine(word(), Arbitraries.of(true, false))
                .as((word, prefix) -> new Term(field, path, Operator.EQUAL, new Value.Text(word, prefix), 0, 0));
    }

    private static Arbitrary<Query> path() {
        return word().flatMap(path -> text("label.", path));
    }

    private static Arbitrary<Query> free() {
        return word().map(word -> new FreeText(word, 0, 0));
    }

    private static Arbitrary<Query> took() {
        return Combinators.combine(Arbitraries.longs().between(0, 1_000_000_000), Arbitraries.of(Operator.BY_SIGN))
                .as((millis, operator) ->
                        new Term("took", "", operator, new Value.Span(Duration.ofMillis(millis)), 0, 0));
    }

    private static Arbitrary<Query> moment() {
        return Arbitraries.longs()
                .between(0, 4_000_000_000L)
                .map(seconds -> new Term(
                        "since",
                        "",
                        Operator.GREATER_OR_EQUAL,
                        new Value.Moment(Instant.ofEpochSecond(seconds, 123_456_000)),
                        0,
                        0));
    }

    private static Arbitrary<Query> any() {
        return Arbitraries.of("task", "attempt", "finished")
                .map(field -> new Term(field, "", Operator.EQUAL, new Value.Any(), 0, 0));
    }

    private static Query withoutPlaces(Query query) {
        if (query instanceof And and) {
            return new And(places(and.parts()));
        }
        if (query instanceof Or or) {
            return new Or(places(or.parts()));
        }
        if (query instanceof Not not) {
            return new Not(withoutPlaces(not.part()));
        }
        if (query instanceof Term term) {
            return new Term(term.field(), term.path(), term.operator(), term.value(), 0, 0);
        }
        return query instanceof FreeText text ? new FreeText(text.text(), 0, 0) : query;
    }

    private static List<Query> places(List<Query> parts) {
        return parts.stream().map(QueryPropertiesTest::withoutPlaces).toList();
    }
}

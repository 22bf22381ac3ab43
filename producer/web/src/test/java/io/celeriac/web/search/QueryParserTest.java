package io.celeriac.web.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.celeriac.web.search.Query.And;
import io.celeriac.web.search.Query.FreeText;
import io.celeriac.web.search.Query.Not;
import io.celeriac.web.search.Query.Or;
import io.celeriac.web.search.Query.Term;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryParserTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void readsEveryTermOfTheDesign() {
        var query =
                parse("state:FAILURE task:report.* label.tenant:42 args.to:\"ada@example.org\" error:Timeout took:>5s"
                        + " since:1h -task:demo.*");

        assertThat(query).isInstanceOf(And.class);
        assertThat(query.terms()).hasSize(8);
        assertThat(query.print())
                .isEqualTo(
                        "state:FAILURE task:report.* label.tenant:42 args.to:ada@example.org error:Timeout took:>PT5S"
                                + " since:>=2026-01-31T11:00:00Z -task:demo.*");
    }

    @Test
    void bindsAndTighterThanOr() {
        assertThat(parse("a b OR c AND d"))
                .isEqualTo(new Or(List.of(
                        new And(List.of(new FreeText("a", 0, 1), new FreeText("b", 2, 1))),
                        new And(List.of(new FreeText("c", 7, 1), new FreeText("d", 13, 1))))));
    }

    @Test
    void groupsByParentheses() {
        assertThat(parse("a (b OR -(c d))").print()).isEqualTo("a (b OR -(c d))");
        assertThat(parse("((a))")).isEqualTo(new FreeText("a", 2, 1));
        assertThat(parse("(a b) c").print()).isEqualTo("a b c");
    }

    @Test
    void negatesByMinusAndByWord() {
        assertThat(parse("NOT a")).isEqualTo(new Not(new FreeText("a", 4, 1)));
        assertThat(parse("-a")).isEqualTo(new Not(new FreeText("a", 1, 1)));
        assertThat(parse("--a").print()).isEqualTo("--a");
        assertThat(parse("not a").freeTexts()).hasSize(2);
        assertThat(parse("a-b")).isEqualTo(new FreeText("a-b", 0, 3));
    }

    @Test
    void takesQuotedTextLiterally() {
        assertThat(parse("\"a OR (b\\\" c:d*\\\\\"")).isEqualTo(new FreeText("a OR (b\" c:d*\\", 0, 18));
        assertThat(parse("label.\"my tenant\":\"a b\"*"))
                .isEqualTo(new Term("label.", "my tenant", Operator.EQUAL, new Value.Text("a b", true), 0, 24));
        assertThat(value("task:\"\"")).isEqualTo(new Value.Text("", false));
    }

    @Test
    void readsValuesByTheTypeOfTheField() {
        assertThat(value("state:failure")).isEqualTo(new Value.Text("FAILURE", false));
        assertThat(value("attempt:>=2")).isEqualTo(new Value.Whole(2));
        assertThat(value("attempt:-2")).isEqualTo(new Value.Whole(-2));
        assertThat(value("took:<250ms")).isEqualTo(new Value.Span(Duration.ofMillis(250)));
        assertThat(value("took:>5")).isEqualTo(new Value.Span(Duration.ofSeconds(5)));
        assertThat(value("took:>PT1M30S")).isEqualTo(new Value.Span(Duration.ofSeconds(90)));
        assertThat(value("finished:>7d")).isEqualTo(new Value.Moment(Instant.parse("2026-01-24T12:00:00Z")));
        assertThat(value("since:2026-01-30")).isEqualTo(new Value.Moment(Instant.parse("2026-01-30T00:00:00Z")));
        assertThat(value("since:2026-01-30T12:00:00+02:00"))
                .isEqualTo(new Value.Moment(Instant.parse("2026-01-30T10:00:00Z")));
        assertThat(value("finished:*")).isEqualTo(new Value.Any());
        assertThat(value("label.tenant:*")).isEqualTo(new Value.Any());
    }

    @Test
    void findsEverythingWhenItIsEmpty() {
        assertThat(parse("")).isEqualTo(new Query.All());
        assertThat(parse("  ")).isEqualTo(new Query.All());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "stat:FAILURE          | 0  | there is no field stat",
                "a state:FAILUR        | 8  | must be one of PENDING, SUCCESS, FAILURE",
                "took:5s               | 5  | a comparison must stand here, such as took:>5s",
                "took:>soon            | 6  | must be a length of time",
                "took:>-5s             | 6  | must be a length of time",
                "attempt:>x            | 9  | must be a whole number",
                "attempt:1234567890123456789 | 8 | must be a whole number of at most 18 digits",
                "task:>a               | 5  | task takes no comparison",
                "since:>1h             | 6  | since takes no comparison",
                "since:*               | 6  | a star cannot be compared",
                "since:yesterday       | 6  | must be an instant",
                "since:2026-13-01      | 6  | must be an instant",
                "since:0999-01-01      | 6  | must be in the years 1000 to 9999",
                "task:                 | 5  | a value is missing here, such as task:report.*",
                ":a                    | 0  | a field must stand before the colon",
                "label.:a              | 0  | a name must follow label., such as label.tenant:42",
                "label:a               | 0  | a name must follow label, such as label.tenant:42",
                "a*b                   | 1  | a star stands only at the end",
                "*                     | 0  | a star alone finds everything",
                "state:FAIL*           | 6  | only a text ends with a star",
                "\"a                   | 0  | this quote is not closed",
                "x \"C:\\temp\"        | 5  | inside quotes, write",
                "(a                    | 0  | this parenthesis is not closed",
                "a) b                  | 1  | this parenthesis closes nothing",
                "a ()                  | 3  | a term is missing here",
                "a OR                  | 4  | a term is missing here",
                "OR a                  | 0  | a term is missing here",
                "a AND AND b           | 6  | a term is missing here",
                "a NOT                 | 5  | a term is missing here",
                "a - b                 | 2  | a minus must stand right before what it excludes",
                "\"\"                  | 0  | a text is missing here",
            })
    void pointsAtTheFault(String text, int position, String message) {
        var error = fault(text);

        assertThat(error.position()).isEqualTo(position);
        assertThat(error).hasMessageStartingWith(message);
        assertThat(error.caret()).isEqualTo(text + "\n" + " ".repeat(position) + "^");
    }

    @Test
    void showsThePartOfALongTextThatIsAtFault() {
        var error = fault("x".repeat(200) + " stat:a\n" + "x".repeat(200));

        assertThat(error.caret().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).hasSize(80).contains(" stat:a xx"),
                        line -> assertThat(line).isEqualTo(" ".repeat(40) + "^"));
    }

    @Test
    void boundsLengthTermsAndDepth() {
        assertThat(parse("a".repeat(QueryLimits.LENGTH)).freeTexts()).hasSize(1);
        assertThat(fault("a".repeat(QueryLimits.LENGTH + 1)).position()).isEqualTo(QueryLimits.LENGTH);
        assertThat(parse("a ".repeat(QueryLimits.TERMS)).freeTexts()).hasSize(QueryLimits.TERMS);
        assertThat(fault("a ".repeat(QueryLimits.TERMS) + "a").position()).isEqualTo(2 * QueryLimits.TERMS);
        assertThat(parse("(".repeat(QueryLimits.DEPTH) + "a" + ")".repeat(QueryLimits.DEPTH)))
                .isInstanceOf(FreeText.class);
        assertThat(fault("(".repeat(QueryLimits.DEPTH + 1) + "a")).hasMessageContaining("20 deep");
        assertThat(fault("-".repeat(1_900) + "a")).hasMessageContaining("20 deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\"\ud800\""})
    void refusesHalfACharacter(String text) {
        assertThat(fault(text)).hasMessage("this is half a character");
    }

    @Test
    void knowsWhichTermsAnIndexServes() {
        var query = parse("args.to:a args.from:b label.x:c error:d");

        assertThat(query.terms().filter(term -> !Fields.ALL.of(term).isIndexed(term.path())))
                .extracting(Term::field, Term::path)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("args.", "from"),
                        org.assertj.core.groups.Tuple.tuple("error", ""));
    }

    private static Value value(String text) {
        return ((Term) parse(text)).value();
    }

    private static Query parse(String text) {
        return Fields.ALL.parse(text, NOW);
    }

    private static SearchException fault(String text) {
        return catchThrowableOfType(SearchException.class, () -> parse(text));
    }
}

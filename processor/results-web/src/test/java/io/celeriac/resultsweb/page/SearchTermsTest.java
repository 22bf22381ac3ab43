package io.celeriac.resultsweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.resultsweb.page.SearchTerms.Term;
import org.junit.jupiter.api.Test;

class SearchTermsTest {

    @Test
    void canBeTakenAwayOneByOne() {
        assertThat(SearchTerms.of("state:FAILURE  since:1h -task:demo.*"))
                .containsExactly(
                        new Term(false, "state", "FAILURE", "state:FAILURE", "since:1h -task:demo.*"),
                        new Term(false, "since", "1h", "since:1h", "state:FAILURE -task:demo.*"),
                        new Term(true, "task", "demo.*", "-task:demo.*", "state:FAILURE since:1h"));
    }

    @Test
    void keepQuotesAndParenthesesTogether() {
        assertThat(SearchTerms.of("(state:FAILURE OR state:RETRY) args.to:\"a \\\" b\" \"x: y\""))
                .extracting(Term::text)
                .containsExactly("(state:FAILURE OR state:RETRY)", "args.to:\"a \\\" b\"", "\"x: y\"");
    }

    @Test
    void haveNoFieldWhereThereIsNone() {
        assertThat(SearchTerms.of("timeout \"x: y\" (a:b)"))
                .extracting(Term::field)
                .containsOnly("");
    }

    @Test
    void areNoneWhereOneIsAnAlternative() {
        assertThat(SearchTerms.of("state:FAILURE OR state:RETRY")).isEmpty();
        assertThat(SearchTerms.of("")).isEmpty();
    }
}

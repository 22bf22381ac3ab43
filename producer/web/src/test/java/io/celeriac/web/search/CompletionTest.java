package io.celeriac.web.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.search.Completion.OfField;
import io.celeriac.web.search.Completion.OfNothing;
import io.celeriac.web.search.Completion.OfValue;
import org.junit.jupiter.api.Test;

class CompletionTest {

    @Test
    void completesAFieldAtTheEnd() {
        assertThat(at("")).isEqualTo(new OfField(0, ""));
        assertThat(at("sta")).isEqualTo(new OfField(0, "sta"));
        assertThat(at("state:FAILURE ta")).isEqualTo(new OfField(14, "ta"));
        assertThat(at("a (-ta")).isEqualTo(new OfField(4, "ta"));
    }

    @Test
    void completesAValueOfItsField() {
        assertThat(at("state:FA")).isEqualTo(new OfValue(6, "FA", field("state"), ""));
        assertThat(at("-label.tenant:\"a b")).isEqualTo(new OfValue(14, "a b", field("label.x"), "tenant"));
        assertThat(at("label.\"my tenant\":")).isEqualTo(new OfValue(18, "", field("label.x"), "my tenant"));
    }

    @Test
    void completesNothingOfAnUnknownFieldOrAComparison() {
        assertThat(at("who:a")).isEqualTo(new OfNothing(4, "a"));
        assertThat(at("took:>5")).isEqualTo(new OfNothing(5, ">5"));
    }

    private static SearchField field(String name) {
        return Fields.ALL.find(name).orElseThrow();
    }

    private static Completion at(String text) {
        return Completion.at(text, Fields.ALL);
    }
}

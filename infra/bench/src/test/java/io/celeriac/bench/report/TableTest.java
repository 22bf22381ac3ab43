package io.celeriac.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    private final Table table =
            new Table(List.of("", "tasks/s"), List.of(List.of("bare loop", "46,600"), List.of("engine", "900")));

    @Test
    void alignsNumbersOnATerminal() {
        assertThat(table.text()).isEqualTo("           tasks/s\nbare loop   46,600\nengine         900\n");
    }

    @Test
    void isATableOfAPageToo() {
        assertThat(table.markdown())
                .isEqualTo("|  | tasks/s |\n|---|---:|\n| bare loop | 46,600 |\n| engine | 900 |\n");
    }

    @Test
    void refusesARowThatDoesNotFit() {
        assertThatThrownBy(() -> new Table(List.of("a"), List.of(List.of("1", "2"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

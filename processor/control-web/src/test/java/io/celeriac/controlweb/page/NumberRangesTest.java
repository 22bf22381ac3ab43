package io.celeriac.controlweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumberRangesTest {

    @Test
    void joinsNeighbours() {
        assertThat(NumberRanges.of(List.of(3, 0, 1, 2, 7))).isEqualTo("0–3, 7");
        assertThat(NumberRanges.of(List.of(4, 5))).isEqualTo("4, 5");
        assertThat(NumberRanges.of(List.of(1, 3))).isEqualTo("1, 3");
    }

    @Test
    void isEmptyForNone() {
        assertThat(NumberRanges.of(List.of())).isEmpty();
    }
}

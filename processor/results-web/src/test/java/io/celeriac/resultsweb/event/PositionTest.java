package io.celeriac.resultsweb.event;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of a position is what clients bring back, so it must mean the same to every gateway. */
class PositionTest {

    @ParameterizedTest
    @ValueSource(strings = {"0-0", "0-17.1-40", "3-5", "0-1.2-7.11-999999999999999999"})
    void readsWhatItWrites(String text) {
        assertThat(Position.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "0",
                "0-",
                "-1",
                "0--1",
                "0-1.",
                ".0-1",
                "0-1.0-2",
                "1-1.0-1",
                "00-1",
                "0-01",
                "0-1,1-2",
                "0-1 ",
                "10000-1",
                "0-9999999999999999999",
                "0-1\n"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> Position.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be the id of an event");
    }

    @Test
    void writesPartitionsInOrder() {
        assertThat(Position.of(Map.of(11, 5L, 0, 3L, 2, 4L))).hasToString("0-3.2-4.11-5");
        assertThat(new String(Position.parse("0-3").idLine(), US_ASCII)).isEqualTo("id: 0-3\n");
    }

    @Test
    void changesOnePartitionOnly() {
        var before = Position.parse("0-17.1-40");

        assertThat(before.with(1, 41)).hasToString("0-17.1-41");
        assertThat(before.with(4, 1)).hasToString("0-17.1-40.4-1");
        assertThat(before).hasToString("0-17.1-40");
    }

    @Test
    void coversWhatIsNotFurtherInAnyPartition() {
        var position = Position.parse("0-17.1-40");

        assertThat(position.covers(Position.parse("0-17.1-40"))).isTrue();
        assertThat(position.covers(Position.parse("1-39"))).isTrue();
        assertThat(position.covers(Position.parse("0-16.1-41"))).isFalse();
        assertThat(position.covers(Position.parse("0-1.1-1.2-0"))).isTrue();
        assertThat(position.covers(Position.parse("0-1.1-1.2-1"))).isFalse();
        assertThat(Position.START.covers(Position.parse("0-0"))).isTrue();
    }

    @Test
    void theFurtherOfTwoIsFurtherInEveryPartition() {
        var one = Position.parse("0-17.1-40");

        assertThat(one.max(Position.parse("0-20.1-3.5-1"))).hasToString("0-20.1-40.5-1");
        assertThat(one.max(Position.parse("1-3"))).isSameAs(one);
        assertThat(Position.parse("5-1").max(one)).hasToString("0-17.1-40.5-1");
    }

    @Test
    void aPartitionOfWhichNothingWasSeenMakesNoDifference() {
        assertThat(Position.parse("0-17.1-0"))
                .isEqualTo(Position.parse("0-17"))
                .hasSameHashCodeAs(Position.parse("0-17"))
                .isNotEqualTo(Position.parse("0-17.1-1"));
    }
}

package io.celeriac.contract.rule;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WireTextTest {

    @Example
    void neverCutsThroughACharacter() {
        assertThat(WireText.cut("🍣🍺", 4)).isEqualTo("🍣🍺");
        assertThat(WireText.cut("🍣🍺", 3)).isEqualTo("🍣…");
        assertThat(WireText.cut("🍣🍺", 2)).isEqualTo("🍣…");
        assertThat(WireText.cut("🍣🍺", 1)).isEqualTo("…");
        assertThat(WireText.cut("🍣🍺", 0)).isEqualTo("…");
        assertThat(WireText.beginning("🍣🍺", 3)).isEqualTo("🍣");
        assertThat(WireText.cutOrNull(null, 3)).isNull();
    }

    @Example
    void mendsHalvesOfPairs() {
        assertThat(WireText.repaired("\ud83c")).isEqualTo("\ufffd");
        assertThat(WireText.repaired("a\udf63b\ud83c\ud83c\udf63")).isEqualTo("a\ufffdb\ufffd🍣");
        assertThat(WireText.isWellFormed("a🍣b")).isTrue();
        assertThat(WireText.isWellFormed("\udf63\ud83c")).isFalse();
    }

    @Property(tries = 500)
    void mendsWhatUtf8CannotHoldAndNothingElse(@ForAll String text, @ForAll @IntRange(max = 10) int most) {
        var repaired = WireText.repaired(text);
        var isUtf8 = new String(text.getBytes(UTF_8), UTF_8).equals(text);

        assertThat(WireText.isWellFormed(text)).isEqualTo(isUtf8);
        assertThat(repaired.equals(text)).isEqualTo(isUtf8);
        assertThat(new String(repaired.getBytes(UTF_8), UTF_8)).isEqualTo(repaired);
        assertThat(WireText.isWellFormed(WireText.cut(repaired, most))).isTrue();
        assertThat(WireText.isLongerThan(most, text)).isEqualTo(text.codePointCount(0, text.length()) > most);
    }
}

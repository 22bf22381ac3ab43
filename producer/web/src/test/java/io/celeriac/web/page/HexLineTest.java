package io.celeriac.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HexLineTest {

    @Test
    void showsBytesAndWhatCanBePrinted() {
        var lines = HexLine.of("{\"task\":\u00e9}\nmore than sixteen".getBytes(UTF_8));

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).offset()).isEqualTo("0000");
        assertThat(lines.get(0).bytes()).startsWith("7b 22 74 61 73 6b 22 3a c3 a9 7d 0a");
        assertThat(lines.get(0).text()).isEqualTo("{\"task\":..}.more");
        assertThat(lines.get(1).offset()).isEqualTo("0010");
        assertThat(lines.get(1).bytes()).hasSameSizeAs(lines.get(0).bytes());
    }

    @Test
    void stopsAfterFourKilobytes() {
        assertThat(HexLine.of(new byte[100_000])).hasSize(256);
        assertThat(HexLine.of(new byte[0])).isEmpty();
    }
}

package io.celeriac.contract.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTextTest {

    @Test
    void readsBackWhateverIsInTheFields() {
        var text = CursorText.of("a~b/\"\n🥬", "");

        assertThat(text).matches("[A-Za-z0-9_-]+");
        assertThat(CursorText.fields(text, 2)).containsExactly("a~b/\"\n🥬", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "null", "{}", "[\"a\"]", "[\"a\",null]", "[\"a\",\"b\",\"c\"]", "[\"a\",[]]"})
    void refusesWhatItHasNotWritten(String json) {
        var text = Base64.getUrlEncoder().encodeToString(json.getBytes(UTF_8));

        assertThatIllegalArgumentException().isThrownBy(() -> CursorText.fields(text, 2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "9~a", "ä"})
    void refusesWhatIsNoBase64(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> CursorText.fields(text, 1));
    }
}

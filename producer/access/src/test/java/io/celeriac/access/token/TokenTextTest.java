package io.celeriac.access.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenTextTest {

    @Test
    void hasAPrefixAndAChecksum() {
        var text = TokenText.create(new SecureRandom());

        assertThat(text).matches("cel_[0-9A-Za-z]{46}");
        assertThat(TokenText.isWellFormed(text)).isTrue();
    }

    @Test
    void refusesATypingErrorAnywhere() {
        var text = TokenText.create(new Random(1));

        for (var index = 0; index < text.length(); index++) {
            var wrong = new StringBuilder(text);
            wrong.setCharAt(index, text.charAt(index) == 'a' ? 'b' : 'a');
            assertThat(TokenText.isWellFormed(wrong.toString()))
                    .as("%s at %d", wrong, index)
                    .isFalse();
        }
    }

    @Test
    void refusesWhatIsNoToken() {
        assertThat(TokenText.isWellFormed("")).isFalse();
        assertThat(TokenText.isWellFormed("cel_")).isFalse();
        assertThat(TokenText.isWellFormed("cel_" + "ä".repeat(46))).isFalse();
    }
}

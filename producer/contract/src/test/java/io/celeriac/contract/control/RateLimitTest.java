package io.celeriac.contract.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {

    @ParameterizedTest
    @CsvSource({"100/m,600", "10/s,100", "10,100", "5/h,720000", "0.5/s,2000", "2.5/s,400"})
    void readsCelerysNotation(String notation, long millis) {
        assertThat(RateLimit.parse(notation).interval()).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "10/d", "-1/s", "0/s", "1e3/s", "10 /s"})
    void refusesWhatIsNone(String notation) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimit.parse(notation))
                .withMessageContaining("\"" + notation + "\"");
    }

    @Test
    void isNeverFasterThanAMicrosecond() {
        assertThat(RateLimit.parse("100000000/s").interval()).isEqualTo(Duration.ofNanos(1_000));
    }
}

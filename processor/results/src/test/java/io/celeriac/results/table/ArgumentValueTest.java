package io.celeriac.results.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentValueTest {

    @ParameterizedTest
    @CsvSource({
        "1.50, 1.5",
        "15e-1, 1.5",
        "42, 42",
        "42.0, 42",
        "4.2e1, 42",
        "0.0, 0",
        "-0, 0",
        "1e3, 1000",
        "0.1, 0.1",
        "999999999999999999, 999999999999999999",
        "12345678901234567890, 12345678901234567000",
        "0.12345678901234567890, 0.12345678901234568",
        "1e300, 1E+300",
        "1e-300, 1E-300",
        "1e999, 1E+999"
    })
    void writesANumberInOneWay(String number, String text) {
        assertThat(ArgumentValue.of(new BigDecimal(number))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, true",
        "1.50, false",
        "42, true",
        "42.0, false",
        "007, true",
        "1e3, false",
        "ada, true",
        "'', true",
        "1.5.0, true",
        "12345678901234567890, false",
        "-, true",
        "1e999, true"
    })
    void knowsWhatTheIndexCanFind(String text, boolean isInIndex) {
        assertThat(ArgumentValue.isInIndex(text)).isEqualTo(isInIndex);
    }
}

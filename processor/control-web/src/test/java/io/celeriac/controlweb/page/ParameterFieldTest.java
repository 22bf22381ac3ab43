package io.celeriac.controlweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.controlweb.page.ParameterField.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterFieldTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int|NUMBER",
                "Long|NUMBER",
                "BigDecimal|NUMBER",
                "boolean|BOOLEAN",
                "String|TEXT",
                "Instant|TEXT",
                "Optional<Duration>|TEXT",
                "List<String>|JSON",
                "Map<String, Integer>|JSON",
                "Order|JSON"
            })
    void asksForWhatTheTypeIs(String type, Kind kind) {
        assertThat(ParameterField.of(new ParameterInfo("it", type, true)).kind())
                .isEqualTo(kind);
    }

    @Test
    void takesFractionsOnlyWhereTheTypeHasThem() {
        assertThat(ParameterField.of(new ParameterInfo("it", "int", true)).step())
                .isEqualTo("1");
        assertThat(ParameterField.of(new ParameterInfo("it", "double", true)).step())
                .isEqualTo("any");
    }

    @Test
    void showsTheFormOfATime() {
        assertThat(ParameterField.of(new ParameterInfo("it", "Duration", false)).example())
                .isEqualTo("PT10M");
        assertThat(ParameterField.of(new ParameterInfo("it", "String", false)).example())
                .isEmpty();
    }
}

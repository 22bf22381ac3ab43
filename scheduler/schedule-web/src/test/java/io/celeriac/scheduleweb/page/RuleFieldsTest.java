package io.celeriac.scheduleweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.page.Fields;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleFieldsTest {

    @ParameterizedTest
    @CsvSource({
        "PT3S, 3, s",
        "PT0.05S, 0.05, s",
        "PT1M30S, 90, s",
        "PT10M, 10, min",
        "PT36H, 36, h",
        "PT48H, 2, d",
        "nonsense, 30, s"
    })
    void writesAnIntervalInTheGreatestUnitThatFits(String every, String amount, String unit) {
        var schedule = new Fields();
        schedule.put("every", every);

        var rule = RuleFields.of(schedule);

        assertThat(rule.amount()).isEqualTo(amount);
        assertThat(rule.unit()).isEqualTo(unit);
    }

    @Test
    void keepsTheFormInWhichACrontabWasWritten() {
        var crontab = new Fields();
        crontab.put("minute", "*/5");
        var ofFields = new Fields();
        ofFields.put("kind", "crontab");
        ofFields.put("crontab", crontab);
        var ofSix = new Fields();
        ofSix.put("expression", "0 0 4 * * mon");

        assertThat(RuleFields.of(ofFields).expression()).isEqualTo("*/5 * * * *");
        assertThat(RuleFields.of(ofFields).isExpression()).isFalse();
        assertThat(RuleFields.of(ofSix).isExpression()).isTrue();
        assertThat(RuleFields.of(ofSix).five()).isEqualTo(List.of("*", "*", "*", "*", "*"));
    }

    @Test
    void presetsEachKindForANewSchedule() {
        var rule = RuleFields.of(new Fields());

        assertThat(rule.kind()).isEqualTo("interval");
        assertThat(rule.every()).isEqualTo("PT30S");
        assertThat(rule.expression()).isEqualTo("0 4 * * *");
        assertThat(rule.event()).isEqualTo("sunrise");
        assertThat(rule.latitude()).isNull();
        assertThat(rule.at()).isNull();
    }
}

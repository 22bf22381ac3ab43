package io.celeriac.scheduleweb.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.web.page.Show;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.ResourceBundleMessageSource;

class ReasonWordsTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void saysAKnownReasonInTheLanguageOfTheReader() {
        assertThat(chinese("an earlier firing had not ended")).isEqualTo("上一次运行尚未结束");
        assertThat(chinese("cancelled by nadia")).isEqualTo("由 nadia 取消");
        assertThat(chinese("missed by more than the catch-up window of PT1H30M"))
                .isEqualTo("错过超过 1\u00a0h 30\u00a0min");
        assertThat(
                        chinese(
                                "missed, and a later firing stands for it; the results did not tell in time whether it was sent"))
                .isEqualTo("错过，由更晚的一次触发代替；未能及时从结果得知是否已发送");
    }

    @Test
    void leavesAnotherReasonAsItIs() {
        assertThat(chinese("the database refuses what is to be written: x"))
                .isEqualTo("the database refuses what is to be written: x");
    }

    private static String chinese(String reason) {
        var messages = new ResourceBundleMessageSource();
        messages.setBasename("messages/celeriac-schedules");
        messages.setDefaultEncoding("UTF-8");
        messages.setAlwaysUseMessageFormat(true);
        return ReasonWords.of(reason, new Show(messages, Locale.SIMPLIFIED_CHINESE, ZoneOffset.UTC, NOW));
    }
}

package io.celeriac.schedule.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChineseWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 4 * * *         | 每天 04:00",
                "0,30 4 L * *      | 每月最后一天 04:00、04:30",
                "0 9 * * mon-fri   | 每周星期一至星期五 09:00",
                "0 9 * * mon#2     | 每月第二个星期一 09:00",
                "0 9 15W 3 *       | 3 月的最接近 15 日的工作日 09:00",
                "0 9 13 * fri      | 每月13 日（须为星期五） 09:00",
                "*/5 * * * *       | 每 5 分钟",
                "* * * * *         | 每分钟",
                "@hourly           | 每小时整点",
                "7 * * * *         | 每小时的第 7 分",
                "*/15 9-17 * * *   | 第 9 至 17 时的每 15 分钟",
                "*/10 * * * * *    | 每 10 秒",
                "5 * * * * *       | 每分钟的第 5 秒",
            })
    void describesACrontab(String expression, String words) {
        assertThat(Crontab.parse(expression).description(Locale.SIMPLIFIED_CHINESE))
                .isEqualTo(words);
    }

    @Test
    void describesTheOtherKinds() {
        assertThat(new Interval(Duration.parse("PT1M30S")).description(Locale.SIMPLIFIED_CHINESE))
                .isEqualTo("每 1 分钟 30 秒");
        assertThat(new Clocked(Instant.parse("2027-01-01T00:00:00Z")).description(Locale.SIMPLIFIED_CHINESE))
                .isEqualTo("于 2027-01-01 00:00 UTC 触发一次");
        assertThat(new Solar(Solar.Event.SUNRISE, 52.5, -13.25).description(Locale.SIMPLIFIED_CHINESE))
                .isEqualTo("在 52.5° N, 13.25° W 日出时");
    }

    @Test
    void isEnglishInAnyOtherLanguage() {
        assertThat(new Interval(Duration.ofSeconds(3)).description(Locale.GERMAN))
                .isEqualTo("every 3 seconds");
    }
}

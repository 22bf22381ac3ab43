package io.celeriac.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.context.support.ResourceBundleMessageSource;

class ShowTest {

    private static final Instant NOW = Instant.parse("2026-03-29T12:00:00Z");

    private final Show show = show(Locale.ENGLISH);

    @Test
    void tellsHowLongAgoOrInHowLong() {
        assertThat(show.ago("2026-03-29T11:57:30Z")).isEqualTo("2\u00a0min 30\u00a0s ago");
        assertThat(show.ago("2026-03-29T12:00:05Z")).isEqualTo("in 5\u00a0s");
        assertThat(show.ago("2026-03-29T11:59:59.500Z")).isEqualTo("now");
        assertThat(show.ago(null)).isEqualTo("–");
        assertThat(show(Locale.SIMPLIFIED_CHINESE).ago("2026-03-29T11:59:00Z")).isEqualTo("1\u00a0min前");
    }

    @Test
    void tellsNoMoreThanTheMinuteWhereNoMoreIsKnown() {
        assertThat(show.agoToTheMinute("2026-03-29T11:59:01Z")).isEqualTo("within the last minute");
        assertThat(show.agoToTheMinute("2026-03-29T11:58:51Z")).isEqualTo("1\u00a0min ago");
        assertThat(show.agoToTheMinute(null)).isEqualTo("–");
    }

    @Test
    void writesTimesInTheReadersZone() {
        assertThat(show.exact("2026-03-29T00:30:00Z")).isEqualTo("2026-03-29 01:30:00 Europe/Berlin");
        assertThat(show.exact("2026-03-29T01:30:00Z")).isEqualTo("2026-03-29 03:30:00 Europe/Berlin");
        assertThat(show.clock("2026-03-28T12:00:00Z")).isEqualTo("2026-03-28 13:00:00");
    }

    @Test
    void writesLengthsInAUnitThatFits() {
        assertThat(show.duration(Duration.ofNanos(400_000))).isEqualTo("1\u00a0ms");
        assertThat(show.duration(Duration.ZERO)).isEqualTo("0\u00a0ms");
        assertThat(show.duration(Duration.ofMillis(2_190))).isEqualTo("2.1\u00a0s");
        assertThat(show.duration(Duration.ofSeconds(252))).isEqualTo("4\u00a0min 12\u00a0s");
        assertThat(show.duration(Duration.ofHours(49))).isEqualTo("2\u00a0d 1\u00a0h");
        assertThat(show.duration(Duration.ofSeconds(-3))).isEqualTo("0\u00a0ms");
    }

    @Test
    void neverShowsWhatIsUnknownAsZero() {
        assertThat(show.number(null)).isEqualTo("–");
        assertThat(show.seconds(null)).isEqualTo("–");
        assertThat(show.percent(0, 0)).isEqualTo("–");
        assertThat(show.between(null, NOW)).isEqualTo("–");
        assertThat(show.date("no time")).isEqualTo("–");
    }

    @Test
    void writesNumbersAndParts() {
        assertThat(show.number(1_234_567)).isEqualTo("1,234,567");
        assertThat(show.number(491.97)).isEqualTo("492");
        assertThat(show.number(491.9)).isEqualTo("491.9");
        assertThat(show.percent(7, 10_000)).isEqualTo("0.07\u00a0%");
        assertThat(show.percent(15, 100)).isEqualTo("15\u00a0%");
    }

    @Test
    void keepsTheEndsOfALongId() {
        assertThat(show.id("01a2180a-eed4-773c-b73a-dae48201e2bd")).isEqualTo("01a2180a…e2bd");
        assertThat(show.id("order-17")).isEqualTo("order-17");
    }

    @Test
    void showsAnUnknownWordAsItIs() {
        assertThat(show.word("state", "SUCCESS")).isEqualTo("Success");
        assertThat(show.word("state", "OF_A_NEWER_VERSION")).isEqualTo("OF_A_NEWER_VERSION");
    }

    private static Show show(Locale language) {
        var messages = new ResourceBundleMessageSource();
        messages.setBasename("messages/celeriac-web");
        messages.setDefaultEncoding("UTF-8");
        messages.setFallbackToSystemLocale(false);
        messages.setAlwaysUseMessageFormat(true);
        return new Show(messages, language, ZoneId.of("Europe/Berlin"), NOW);
    }
}

package io.celeriac.contract.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.contract.rule.InvalidTaskException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveSettingTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void takesBackWhatItDoesNotSay() {
        var set = LiveSetting.ofLimits(Kind.HANDLER, "mail.send", "1", "ada", NOW, 2, null, null);
        var back = LiveSetting.ofLimits(Kind.HANDLER, "mail.send", "2", "ada", NOW, null, null, "no longer needed");
        assertThat(set.isSet()).isTrue();
        assertThat(back.isSet()).isFalse();
        assertThat(back.key()).isEqualTo(set.key()).isEqualTo("handler/mail.send");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queue|No|{}|queue",
                "handler|a b|{}|task",
                "queue|mail|{\"concurrency\":1}|concurrency",
                "worker|*|{\"concurrency\":0}|concurrency",
                "worker|*|{\"concurrency\":1000000}|concurrency",
                "worker|*|{\"rateLimit\":\"1/s\"}|rateLimit",
                "handler|mail|{\"rateLimit\":\"fast\"}|rateLimit",
                "handler|mail|{\"paused\":true}|paused",
                "queue|mail|{\"note\":\"\"}|note"
            })
    void refusesWhatDoesNotFitItsKind(String kind, String target, String values, String field) {
        var rest = values.equals("{}") ? "}" : "," + values.substring(1);
        var json = "{\"kind\":\"" + kind + "\",\"target\":\"" + target
                + "\",\"id\":\"1\",\"by\":\"ada\",\"at\":\"2026-01-31T12:00:00Z\"" + rest;
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> TaskJson.liveSetting(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .withMessageContaining(field);
    }
}

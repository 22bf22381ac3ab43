package io.celeriac.controlweb.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.Heartbeat.HandlerInfo;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.ParameterInfo;
import io.celeriac.contract.redaction.RedactionRules;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeekedRecordTest {

    private static final String TASK =
            "{\"id\":\"a\",\"task\":\"mail.send\",\"args\":[\"ada\",\"hunter2\"],\"kwargs\":{\"password\":\"hunter2\"}}";

    @Test
    void showsATask() {
        var shown = shown(TASK, handler(List.of()));

        assertThat(shown.id()).isEqualTo("a");
        assertThat(shown.task()).isEqualTo("mail.send");
        assertThat(shown.args()).hasToString("[\"ada\", \"hunter2\"]");
        assertThat(shown.withheld()).isNull();
    }

    @Test
    void marksASecretByPositionAndByName() {
        var shown = shown(TASK, handler(List.of("password")));

        assertThat(shown.args()).hasToString("[\"ada\", \"[secret]\"]");
        assertThat(shown.kwargs()).hasToString("{password=\"[secret]\"}");
    }

    @Test
    void marksAllWhereAllIsSecret() {
        assertThat(shown(TASK, handler(List.of("*"))).args()).hasToString("[\"[secret]\", \"[secret]\"]");
    }

    @Test
    void withholdsArgumentsOfAHandlerThatNobodyKnows() {
        var shown = shown(TASK.replace("mail.send", "other"), handler(List.of()));

        assertThat(shown.task()).isEqualTo("other");
        assertThat(shown.args()).isNull();
        assertThat(shown.kwargs()).isNull();
        assertThat(shown.withheld()).contains("no worker has told");
    }

    @Test
    void withholdsArgumentsWhereAWorkerDoesNotTellItsSecrets() {
        assertThat(shown(TASK, handler(null)).args()).isNull();
    }

    @Test
    void withholdsNothingWhereThereIsNothing() {
        assertThat(shown("{\"id\":\"a\",\"task\":\"other\"}", handler(List.of()))
                        .withheld())
                .isNull();
    }

    @Test
    void showsWhatIsNoTaskAsBytesWithTheReason() {
        var shown = shown("{\"id\":", handler(List.of()));

        assertThat(shown.task()).isNull();
        assertThat(shown.message()).isNotBlank();
        assertThat(Base64.getDecoder().decode(shown.valueBase64())).isEqualTo("{\"id\":".getBytes(UTF_8));
    }

    @Test
    void withholdsWhatIsNoTaskWhereItMayHoldASecret() {
        var shown = shown("{\"id\":", handler(List.of("password")));

        assertThat(shown.message()).isNull();
        assertThat(shown.valueBase64()).isNull();
        assertThat(shown.withheld()).contains("secret");
    }

    @Test
    void showsARecordWithoutAValue() {
        assertThat(PeekedRecord.of(record(null), "mail", secrets(handler(List.of())))
                        .message())
                .contains("no value");
    }

    private static PeekedRecord shown(String value, HandlerInfo handler) {
        return PeekedRecord.of(record(value.getBytes(UTF_8)), "mail", secrets(handler));
    }

    private static HandlerSecrets secrets(HandlerInfo handler) {
        return new HandlerSecrets(() -> List.of(handler), RedactionRules.NONE);
    }

    private static HandlerInfo handler(@Nullable List<String> secrets) {
        return new HandlerInfo(
                "mail.send",
                List.of(),
                List.of(new ParameterInfo("to", "String", true), new ParameterInfo("password", "String", true)),
                new LimitInForce<>(null, null),
                new LimitInForce<>(null, null),
                secrets);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte @Nullable [] value) {
        return new ConsumerRecord<>("celeriac.tasks.mail", 0, 7, new byte[0], value);
    }
}

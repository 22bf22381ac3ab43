package io.celeriac.resultsweb.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.TaskJson;
import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.redaction.RedactionRules.Rule;
import io.celeriac.contract.result.DeadLetter;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeadLetterViewTest {

    private static final String LOGIN = "{\"task\":\"login\",\"args\":[\"ann\",\"hunter2\"]}";

    private final DeadLetterView view =
            new DeadLetterView(new RedactionRules(List.of(new Rule("login", List.of("1"), false))));
    private final DeadLetterView open = new DeadLetterView(RedactionRules.NONE);

    @Test
    void showsNothingOfARecordThatIsSecretByItsHeader() {
        var entry = open.entry(record(LOGIN, "no [secret]", true));

        assertThat(TaskJson.MAPPER.writeValueAsString(entry)).doesNotContain("hunter2", "k-1");
        assertThat(entry.withheld()).isEqualTo("key and value, as they may hold a secret");
        assertThat(entry.message()).isEqualTo("no [secret]");
        assertThat(entry.origin().offset()).isEqualTo(41);
    }

    @Test
    void showsNothingOfARecordThatIsSecretByARule() {
        var entry = view.entry(record(LOGIN, "no hunter2 for ann", false));

        assertThat(TaskJson.MAPPER.writeValueAsString(entry)).doesNotContain("hunter2", "k-1");
        assertThat(entry.withheld()).isNotNull();
        assertThat(entry.message()).isEqualTo("no [secret] for ann");
    }

    @Test
    void tellsNoMessageOfARecordThatCannotBeRead() {
        assertThat(view.entry(record("hunter2", "is not JSON: hunter2", false)).message())
                .isEqualTo("not told, as it may quote a secret");
    }

    @Test
    void showsAllOfARecordThatIsNotSecret() {
        for (var entry :
                List.of(open.entry(record(LOGIN, "m", false)), view.entry(record("{\"task\":\"add\"}", "m", false)))) {
            assertThat(entry.value()).startsWith("{\"task\"");
            assertThat(entry.key()).isEqualTo("k-1");
            assertThat(entry.withheld()).isNull();
        }
    }

    private static ConsumerRecord<byte[], byte[]> record(String value, String message, boolean secret) {
        var record = new ConsumerRecord<>("dead", 0, 7, "k-1".getBytes(UTF_8), value.getBytes(UTF_8));
        new DeadLetter(DeadLetter.Reason.FAILED, message, "t", 1, 41, Instant.EPOCH, secret).addTo(record.headers());
        return record;
    }
}

package io.celeriac.results.materializer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.celeriac.contract.redaction.RedactionRules;
import io.celeriac.contract.rule.InvalidTaskException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ResultRecordReaderTest {

    private final ResultRecordReader reader = new ResultRecordReader(RedactionRules.NONE);

    /** A worker ends a stored task visibly whose id was reserved after it was accepted. */
    @Test
    void readsTheResultOfATaskWhoseIdWasReservedLater() {
        assertThat(read("events"))
                .hasValueSatisfying(change -> assertThat(change.result().id()).isEqualTo("events"));
    }

    @Test
    void refusesAnIdThatNoTaskEverHad() {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read("a b"))
                .satisfies(refusal -> assertThat(refusal.field()).isEqualTo("id"));
    }

    private Optional<ResultChange> read(String id) {
        var json = "{\"id\":\"" + id
                + "\",\"task\":\"t\",\"queue\":\"default\",\"state\":\"FAILURE\",\"attempt\":0,\"revision\":1}";
        return reader.read(new ConsumerRecord<>("results", 0, 0, new byte[0], json.getBytes(UTF_8)));
    }
}

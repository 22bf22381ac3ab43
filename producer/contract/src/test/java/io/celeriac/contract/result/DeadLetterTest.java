package io.celeriac.contract.result;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class DeadLetterTest {

    @Test
    void travelsInHeadersBesideTheOriginalOnes() {
        var headers = new RecordHeaders().add("traceparent", "00-1".getBytes(UTF_8));
        for (var reason : DeadLetter.Reason.values()) {
            for (var secret : new boolean[] {true, false}) {
                var letter = new DeadLetter(
                        reason, "is not JSON: ä", "celeriac.tasks.default", 3, 41, Instant.EPOCH, secret);

                letter.addTo(headers);

                assertThat(DeadLetter.from(headers)).isEqualTo(letter);
                assertThat(DeadLetter.isSecret(headers)).isEqualTo(secret);
            }
        }
        assertThat(headers.lastHeader("traceparent").value()).isEqualTo("00-1".getBytes(UTF_8));
    }

    @Test
    void isNothingWhereTheHeadersAreNotOurs() {
        assertThat(DeadLetter.from(new RecordHeaders())).isNull();
        assertThat(DeadLetter.from(new RecordHeaders().add("celeriac-reason", "failed".getBytes(UTF_8))))
                .isNull();
    }
}

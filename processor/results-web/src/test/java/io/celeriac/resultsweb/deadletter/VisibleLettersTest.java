package io.celeriac.resultsweb.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.result.DeadLetter;
import io.celeriac.contract.topic.Topics;
import io.celeriac.web.caller.Authority;
import io.celeriac.web.caller.Caller;
import io.celeriac.web.problem.ProblemException;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class VisibleLettersTest {

    private static final Caller MAIL =
            new Caller("shop", Caller.Kind.TOKEN, Set.of(Authority.TASK_READ), Set.of("mail"), null);

    private final VisibleLetters visible = new VisibleLetters(new Topics("acme"));

    @Test
    void showsThoseOfTheQueuesOfTheCaller() {
        assertThat(visible.sees(MAIL, letter("acme.tasks.mail"))).isTrue();
        assertThat(visible.sees(MAIL, letter("acme.tasks.payroll"))).isFalse();
        assertThat(visible.sees(MAIL, letter("acme.tasks.mail2"))).isFalse();
        assertThat(visible.sees(MAIL, letter("acme.results"))).isFalse();
    }

    @Test
    void hidesThoseOfWhichNobodyKnowsTheQueue() {
        assertThat(visible.sees(MAIL, new ConsumerRecord<>("acme.dead-letters", 0, 7, new byte[0], new byte[0])))
                .isFalse();
    }

    @Test
    void showsAllToACallerOfAllQueues() {
        assertThat(visible.sees(Caller.OPEN, letter("acme.tasks.payroll"))).isTrue();
        assertThat(visible.sees(Caller.OPEN, new ConsumerRecord<>("acme.dead-letters", 0, 7, new byte[0], new byte[0])))
                .isTrue();
    }

    @Test
    void answersAsIfAHiddenOneWereNotThere() {
        assertThatThrownBy(() -> visible.require(MAIL, letter("acme.tasks.payroll")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("there is no dead letter 0/7");
    }

    private static ConsumerRecord<byte[], byte[]> letter(String topic) {
        var record = new ConsumerRecord<>("acme.dead-letters", 0, 7, new byte[0], new byte[0]);
        new DeadLetter(DeadLetter.Reason.UNREADABLE, "why", topic, 0, 3, Instant.EPOCH, false).addTo(record.headers());
        return record;
    }
}

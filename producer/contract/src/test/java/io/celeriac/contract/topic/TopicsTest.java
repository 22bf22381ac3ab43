package io.celeriac.contract.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.celeriac.contract.rule.InvalidTaskException;
import org.junit.jupiter.api.Test;

class TopicsTest {

    @Test
    void areNamedWithinTheirNamespace() {
        var topics = new Topics("acme");

        assertThat(topics.tasks("mail-1")).isEqualTo("acme.tasks.mail-1");
        assertThat(topics.results()).isEqualTo("acme.results");
        assertThat(topics.control()).isEqualTo("acme.control");
        assertThat(topics.workers()).isEqualTo("acme.workers");
        assertThat(topics.deadLetters()).isEqualTo("acme.dead-letters");
    }

    @Test
    void refusesNamesThatKafkaOrWeDoNotTake() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Topics("a b")).withMessageContaining("namespace");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topics("a").tasks("Mail"))
                .isInstanceOf(InvalidTaskException.class)
                .withMessageStartingWith("queue must match");
    }
}

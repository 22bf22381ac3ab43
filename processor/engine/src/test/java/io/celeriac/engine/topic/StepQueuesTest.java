package io.celeriac.engine.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.celeriac.contract.topic.TopicProperties;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class StepQueuesTest {

    private final MutableClock clock = MutableClock.at("2026-01-01T00:00:00Z");
    private final AtomicInteger asked = new AtomicInteger();

    /** Of a cluster that cannot be reached. */
    private final StepQueues queues = new StepQueues(
            List.of("own"),
            false,
            new TopicProperties("celeriac", 1, null),
            () -> {
                asked.incrementAndGet();
                throw new KafkaException("no such host");
            },
            clock);

    @Test
    void doesNotTakeAFaultOfTheClusterForAnAbsence() {
        assertThatThrownBy(() -> queues.require("celeriac.tasks.mail"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no such host");
    }

    @Test
    void asksAgainFiveSecondsAfterAFault() {
        for (var time = 0; time < 5; time++) {
            assertThatThrownBy(() -> queues.require("celeriac.tasks.mail")).isInstanceOf(IllegalStateException.class);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(asked).hasValue(1);
        assertThatThrownBy(() -> queues.require("celeriac.tasks.mail")).isInstanceOf(IllegalStateException.class);
        assertThat(asked).hasValue(2);
    }

    @Test
    void doesNotAskAboutTheWorkersOwnQueues() {
        assertThatCode(() -> queues.require("celeriac.tasks.own")).doesNotThrowAnyException();
        assertThat(asked).hasValue(0);
    }
}

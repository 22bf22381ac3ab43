package io.celeriac.beat.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final Loops loops = new Loops(registry);

    /** No fault may end a thread that nobody looks at; three in a row are trouble, which the health tells. */
    @Test
    void goesOnWhateverATurnThrowsAndSaysSo() throws Exception {
        var turns = new AtomicInteger();
        var loop = loops.of("shaky", () -> {
            if (turns.incrementAndGet() <= 3) {
                throw new StackOverflowError("too deep");
            }
            await().until(() -> turns.get() >= 10); // until the test has seen the trouble
            return Duration.ZERO;
        });
        loop.start();

        await().atMost(Duration.ofSeconds(20)).until(() -> !loops.troubles().isEmpty());
        assertThat(loops.troubles()).containsEntry("shaky", "java.lang.StackOverflowError: too deep");
        assertThat(registry.get("celeriac.beat.loop.failures")
                        .tag("loop", "shaky")
                        .counter()
                        .count())
                .isEqualTo(3);

        turns.set(10);
        await().atMost(Duration.ofSeconds(20)).until(() -> loops.troubles().isEmpty());
        loop.stop();
        assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void isNotEndedByAnInterrupt() throws Exception {
        var turns = new AtomicInteger();
        var loop = loops.of("interrupted", () -> {
            turns.incrementAndGet();
            Thread.currentThread().interrupt();
            return Duration.ofMillis(1);
        });
        loop.start();

        await().atMost(Duration.ofSeconds(10)).until(() -> turns.get() > 5);

        loop.stop();
        assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void endsAfterTheTurnThatItIsIn() throws Exception {
        var ended = new AtomicInteger();
        var loop = loops.of("long", () -> Duration.ofHours(1), ended::incrementAndGet);
        loop.start();

        loop.stop();

        assertThat(loop.join(Duration.ofSeconds(10))).isTrue();
        assertThat(ended).hasValue(1);
        assertThat(loop.isRunning()).isFalse();
    }
}

package io.celeriac.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.Task;
import io.celeriac.engine.attempt.AcceptedTask;
import io.celeriac.engine.attempt.Origin;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class QuarantineTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final Quarantine quarantine = new Quarantine();

    @Test
    void letsThoseWithOneDeathInTogetherAndASuspectAlone() {
        assertThat(quarantine.enter(task("a"), false, NOW)).isTrue();
        assertThat(quarantine.enter(task("b"), false, NOW)).isTrue();
        assertThat(quarantine.enter(task("suspect"), true, NOW)).isFalse();

        quarantine.leave(task("a"));
        quarantine.leave(task("b"));
        assertThat(quarantine.enter(task("suspect"), true, NOW)).isTrue();
        assertThat(quarantine.enter(task("a"), false, NOW)).isFalse();
        assertThat(quarantine.enter(task("other-suspect"), true, NOW)).isFalse();
    }

    /** A task of hours must not keep the others waiting as long. */
    @Test
    void forgetsAStayAfterAMinute() {
        assertThat(quarantine.enter(task("suspect"), true, NOW)).isTrue();

        assertThat(quarantine.enter(task("next"), true, NOW.plusSeconds(60))).isFalse();
        assertThat(quarantine.enter(task("next"), true, NOW.plusSeconds(61))).isTrue();
    }

    /** It may be the real killer, and the suspect's next death is its last. */
    @Test
    void keepsWhatWasNotTriedFromASuspect() {
        assertThat(quarantine.enterUntried(task("new"), NOW)).isTrue();
        assertThat(quarantine.enter(task("suspect"), true, NOW)).isFalse();

        quarantine.leave(task("new"));
        assertThat(quarantine.enter(task("suspect"), true, NOW)).isTrue();
        assertThat(quarantine.enterUntried(task("newer"), NOW)).isFalse();
        assertThat(quarantine.isTrial(NOW)).isTrue();

        quarantine.leave(task("suspect"));
        assertThat(quarantine.isTrial(NOW)).isFalse();
        assertThat(quarantine.enterUntried(task("newer"), NOW)).isTrue();
    }

    @Test
    void letsThoseWithoutADeathGoOnAfterTenSeconds() {
        assertThat(quarantine.enter(task("suspect"), true, NOW)).isTrue();
        assertThat(quarantine.enterUntried(task("new"), NOW.plusSeconds(10))).isTrue();
        quarantine.leave(task("suspect"));
        assertThat(quarantine.enter(task("other"), true, NOW.plusSeconds(20))).isFalse();
        assertThat(quarantine.enter(task("other"), true, NOW.plusSeconds(21))).isTrue();
    }

    private static AcceptedTask task(String id) {
        var origin = new Origin("default", "t", 0, 7, NOW, null, new byte[0], new RecordHeaders());
        return AcceptedTask.first(origin, Task.named("a").id(id).build(), NOW);
    }
}

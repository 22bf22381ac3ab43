package io.celeriac.controlweb.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.celeriac.contract.control.Heartbeat;
import io.celeriac.contract.control.Heartbeat.Acknowledgement;
import io.celeriac.contract.control.Heartbeat.LimitInForce;
import io.celeriac.contract.control.Heartbeat.State;
import io.celeriac.contract.control.LiveSetting;
import io.celeriac.contract.control.LiveSetting.Kind;
import io.celeriac.testkit.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FleetTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    private final MutableClock clock = MutableClock.at(NOW);
    private final Fleet fleet = new Fleet(clock);

    private static Heartbeat heartbeat(String id, State state, String... acknowledged) {
        return new Heartbeat(
                id,
                "host",
                null,
                NOW,
                NOW,
                state,
                new LimitInForce<>(4, 4),
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(acknowledged).stream()
                        .map(command -> new Acknowledgement(command, NOW, null))
                        .toList());
    }

    @Test
    void losesAWorkerThatIsSilentAndNotOneThatHasStopped() {
        fleet.brokerAnswered();
        fleet.heard(heartbeat("silent", State.RUNNING), NOW);
        fleet.heard(heartbeat("stopped", State.STOPPED), NOW);
        assertThat(fleet.live()).hasSize(1);
        clock.advance(Duration.ofSeconds(16));
        fleet.brokerAnswered();
        assertThat(fleet.live()).isEmpty();
        assertThat(fleet.find("silent").orElseThrow().isLost(fleet.listenedUntil()))
                .isTrue();
        assertThat(fleet.find("stopped").orElseThrow().isLost(fleet.listenedUntil()))
                .isFalse();
    }

    /** It hears nothing of anybody, so nobody is lost for that. */
    @Test
    void losesNoWorkerWhileTheBrokerIsAway() {
        fleet.brokerAnswered();
        fleet.heard(heartbeat("a", State.RUNNING), NOW);
        clock.advance(Duration.ofMinutes(5));
        assertThat(fleet.live()).hasSize(1);
        fleet.brokerAnswered();
        assertThat(fleet.live()).isEmpty();
    }

    @Test
    void tellsWhoHasAcknowledgedAndWhoHasNot() {
        fleet.heard(heartbeat("a", State.RUNNING, "change"), NOW);
        fleet.heard(heartbeat("b", State.RUNNING), NOW);
        var answer = fleet.awaitAcknowledgements("change", List.of("a", "b"), Duration.ofMillis(50))
                .join();
        assertThat(answer.acknowledged()).extracting(one -> one.worker()).containsExactly("a");
        assertThat(answer.missing()).containsExactly("b");

        var both = fleet.awaitAcknowledgements("change", List.of("a", "b"), Duration.ofSeconds(30));
        assertThat(both).isNotDone();
        fleet.heard(heartbeat("b", State.RUNNING, "change"), NOW);
        assertThat(both).isDone();
        assertThat(both.join().missing()).isEmpty();
    }

    @Test
    void takesASettingBackByAnEmptyOneOrByTheEndOfItsRecord() {
        fleet.set(LiveSetting.ofQueue("mail", "1", "ada", NOW, true, null), ChangeTerms.NONE, 0);
        assertThat(fleet.setting(Kind.QUEUE, "mail")).isPresent();
        fleet.set(LiveSetting.ofQueue("mail", "2", "ada", NOW, false, null), ChangeTerms.NONE, 1);
        assertThat(fleet.setting(Kind.QUEUE, "mail")).isEmpty();
        fleet.set(LiveSetting.ofQueue("mail", "3", "ada", NOW, true, null), ChangeTerms.NONE, 2);
        fleet.unset("queue/mail");
        assertThat(fleet.settings(Kind.QUEUE)).isEmpty();
    }
}
